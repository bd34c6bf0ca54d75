import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { formatClockOffset } from '../../src/shared/clockOffset.ts';
import type { MachineRecord, MachineRecords } from '../../src/shared/chat/machineRecord.ts';
import { Icon } from '../icons.tsx';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';
import { Panel } from '../panel.tsx';
import { timelineText, endReasonText } from './sessionText.ts';

/** Interval between requests for new records. */
const REFRESH_MILLISECONDS = 1000;

/** `log` is the output of the session's machines, `timeline` is their events. */
export type RecordName = 'log' | 'timeline';

/** Shows the log or the timeline of the session's latest machines, and keeps it up to date. */
export function MachinesPanel({
  recordName,
  records,
  refresh,
  onShow,
  onClose,
}: {
  readonly recordName: RecordName;
  /** Undefined before the first response; null if the emulator cannot be reached. */
  readonly records: MachineRecords | null | undefined;
  /** Requests the records again; null while the host cannot be reached. */
  readonly refresh: (() => void) | null;
  readonly onShow: (name: RecordName) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const ahead = formatClockOffset(records?.clockOffsetSeconds ?? 0);
  const canRefresh = refresh !== null;
  useEffect(() => {
    refresh?.();
    const timer = setInterval(() => refresh?.(), REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, [canRefresh]);
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const recordButton = (name: RecordName, label: string) => (
    <button
      type="button"
      class="outlined"
      aria-pressed={recordName === name}
      onClick={() => onShow(name)}
    >
      {label}
    </button>
  );
  return (
    <Panel name={recordName === 'log' ? 'Log' : 'Timeline'} onClose={onClose}>
      <div class="buttons">
        {recordButton('log', 'Log')}
        {recordButton('timeline', 'Timeline')}
        <button type="button" title="Close" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {ahead !== null && <p class="hint">Times are the emulator’s, {ahead} ahead of real time.</p>}
      <div
        ref={box}
        class="record"
        // Scrollable content must be focusable for keyboard users.
        tabIndex={0}
        role="group"
        aria-label={recordName === 'log' ? 'Log output' : 'Timeline entries'}
        onScroll={({ currentTarget: { scrollHeight, clientHeight, scrollTop } }) => {
          atEnd.current = scrollHeight - clientHeight - scrollTop < 8;
        }}
      >
        {records?.machines.map((machine) => (
          <Machine key={machine.run} machine={machine} recordName={recordName} />
        ))}
        {!records?.machines.length && <p class="remark">{emptyText(records)}</p>}
      </div>
    </Panel>
  );
}

function emptyText(records: MachineRecords | null | undefined): string {
  if (records === undefined) return 'Loading…';
  return records === null
    ? 'The emulator cannot be reached.'
    : 'No machine has started yet. Your first message starts one.';
}

function Machine({
  machine: { startedAt, reason, log, timeline },
  recordName,
}: {
  readonly machine: MachineRecord;
  readonly recordName: RecordName;
}): JSX.Element {
  const rows =
    recordName === 'log'
      ? log.map(({ time, text, stream }) => ({ time, text, kind: stream }))
      : timeline.map((entry) => ({
          time: entry.time,
          text: timelineText(entry),
          kind: entry.type,
        }));
  return (
    <section>
      <h2>
        Machine started at {formatClockTime(startedAt)}
        {reason !== null && <span>, ended: {endReasonText(reason)}</span>}
      </h2>
      {rows.length === 0 && <p class="remark">Nothing was recorded.</p>}
      <ol>
        {rows.map(({ time, text, kind }, index) => (
          <li key={index} class={kind}>
            <time dateTime={time}>{formatClockTime(time)}</time>
            <code dir="auto">{foldLongRuns(text)}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}

function formatClockTime(time: string): string {
  return new Date(time).toLocaleTimeString('en-GB');
}
