import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { MachineRecord } from '../../src/shared/chat/machineRecord.ts';
import { Icon } from '../icons.tsx';
import { foldedText } from '../longRuns/foldedText.tsx';
import { Panel } from '../panel.tsx';
import { timelineText, endReasonText } from './sessionText.ts';

/** How often it is asked what more there is. */
const REFRESH_MILLISECONDS = 1000;

/** What the session's machines printed, or what befell them. */
export type RecordName = 'log' | 'timeline';

/** The records of the session's latest machines, as they grow. */
export function MachinesPanel({
  shows,
  machines,
  ask,
  onShow,
  onClose,
}: {
  readonly shows: RecordName;
  /** Undefined before it was told; null where nobody tells. */
  readonly machines: readonly MachineRecord[] | null | undefined;
  /** Asks for them anew; null while that reaches nobody. */
  readonly ask: (() => void) | null;
  readonly onShow: (name: RecordName) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const canAsk = ask !== null;
  useEffect(() => {
    ask?.();
    const timer = setInterval(() => ask?.(), REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, [canAsk]);
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const choice = (name: RecordName, label: string) => (
    <button
      type="button"
      class="outlined"
      aria-pressed={shows === name}
      onClick={() => onShow(name)}
    >
      {label}
    </button>
  );
  return (
    <Panel name={shows === 'log' ? 'Log' : 'Timeline'} onClose={onClose}>
      <div class="buttons">
        {choice('log', 'Log')}
        {choice('timeline', 'Timeline')}
        <button type="button" title="Close" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div
        ref={box}
        class="record"
        // It scrolls, so the keyboard must be able to reach it.
        tabIndex={0}
        role="group"
        aria-label={shows === 'log' ? 'What was printed' : 'What happened'}
        onScroll={({ currentTarget: { scrollHeight, clientHeight, scrollTop } }) => {
          atEnd.current = scrollHeight - clientHeight - scrollTop < 8;
        }}
      >
        {machines?.map((machine) => (
          <Machine key={machine.run} machine={machine} shows={shows} />
        ))}
        {!machines?.length && <p class="remark">{whyNone(machines)}</p>}
      </div>
    </Panel>
  );
}

function whyNone(machines: readonly MachineRecord[] | null | undefined): string {
  if (machines === undefined) return '…';
  return machines === null
    ? 'The emulator cannot be asked just now.'
    : 'There was no machine yet: your first message starts it.';
}

function Machine({
  machine: { startedAt, reason, log, timeline },
  shows,
}: {
  readonly machine: MachineRecord;
  readonly shows: RecordName;
}): JSX.Element {
  const rows =
    shows === 'log'
      ? log.map(({ time, text, stream }) => ({ time, text, kind: stream }))
      : timeline.map((entry) => ({
          time: entry.time,
          text: timelineText(entry),
          kind: entry.type,
        }));
  return (
    <section>
      <h2>
        Machine of {clockTime(startedAt)}
        {reason !== null && <span>, which ended: {endReasonText(reason)}</span>}
      </h2>
      {rows.length === 0 && <p class="remark">It printed nothing.</p>}
      <ol>
        {rows.map(({ time, text, kind }, index) => (
          <li key={index} class={kind}>
            <time dateTime={time}>{clockTime(time)}</time>
            <code dir="auto">{foldedText(text)}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}

function clockTime(time: string): string {
  return new Date(time).toLocaleTimeString('en-GB');
}
