import { createContext, type JSX } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import type { RawAnswer, RawEvent, RawRequest } from '../../src/shared/chat/rawAnswer.ts';
import { formatSize } from '../../src/shared/formatSize.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { IconButton } from '../iconButton.tsx';
import { foldedText } from '../longRuns/foldedText.tsx';
import { formatDuration } from '../parts/formatDuration.ts';

/** Interval between requests for new events. */
const REFRESH_MILLISECONDS = 500;

/** The raw answers that the host has sent so far. */
export interface RawAnswers {
  /** By turn; null if the host no longer has it. */
  readonly raws: ReadonlyMap<string, RawAnswer | null>;
  /** Requests the raw answer of a turn. The function is the same until requests become impossible. */
  readonly ask: (turn: string) => void;
}

/** A context, so that turns without visible raw events are not rendered when others change. */
export const RawAnswersContext = createContext<RawAnswers>({ raws: new Map(), ask: () => {} });

/** Toggles the raw events of an answer. */
export function RawEventsButton({
  isOpen,
  onToggle,
}: {
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <IconButton
      icon="raw"

      class="rawButton"
      title="What was sent, and the answer’s events as they came"
      name="Raw events"
      aria-expanded={isOpen}
      onClick={onToggle}
    />
  );
}

/** Shows the request, and the time, size and data of each event of the answer. */
export function RawEvents({ turn }: { readonly turn: Turn }): JSX.Element {
  const { raws, ask } = useContext(RawAnswersContext);
  const { id, askedAt, outcome } = turn;
  const runs = outcome === null;
  useEffect(() => {
    ask(id);
    if (!runs) return;
    const timer = setInterval(() => ask(id), REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, [id, runs, ask]);

  const raw = raws.get(id);
  if (!raw) {
    const why = raw === null && !runs;
    return (
      <section class="raw" aria-label="Raw events">
        <p class="remark">{why ? 'It is not kept any more: only the latest turns are.' : '…'}</p>
      </section>
    );
  }
  const { request, contentType } = raw;
  return (
    <section class="raw" aria-label="Raw events">
      {request && <Request request={request} />}
      {contentType === null ? (
        <p class="remark">{runs ? '…' : nothingCame(request)}</p>
      ) : (
        <Events raw={raw} since={askedAt} />
      )}
    </section>
  );
}

function nothingCame(request: RawRequest | null): string {
  return request ? 'No answer began.' : 'Nothing was sent.';
}

/** Shows the request's headers and payload. */
function Request({
  request: { headers, payload, leftOut, bytes },
}: {
  readonly request: RawRequest;
}): JSX.Element {
  return (
    <>
      <p class="summary">Sent · {formatSize(bytes)}</p>
      {/* It scrolls, so the keyboard must be able to reach it. */}
      <div class="request" role="group" aria-label="Request" tabIndex={0}>
        {headers.map(([name, value]) => (
          <code key={name}>
            <b>{name}:</b> {foldedText(value)}
          </code>
        ))}
        <code class="payload" dir="auto">
          {foldedText(payload)}
        </code>
        {leftOut > 0 && <p class="remark">{counted(leftOut, 'more character')} are not kept</p>}
      </div>
    </>
  );
}

function Events({
  raw: { contentType, first, leftOut, last, bytes },
  since,
}: {
  readonly raw: RawAnswer;
  readonly since: number;
}): JSX.Element {
  const count = first.length + leftOut + last.length;
  return (
    <>
      <p class="summary">
        {[contentType || 'no content type', counted(count, 'event'), formatSize(bytes)].join(' · ')}
      </p>
      {/* It scrolls, so the keyboard must be able to reach it. */}
      <ol tabIndex={0} aria-label="Events">
        {first.map((event, index) => (
          <RawEventRow key={index} event={event} since={since} />
        ))}
        {leftOut > 0 && <li class="remark">{counted(leftOut, 'event')} between are not kept</li>}
        {last.map((event, index) => (
          <RawEventRow key={first.length + leftOut + index} event={event} since={since} />
        ))}
      </ol>
    </>
  );
}

function RawEventRow({
  event: { at, name, data, bytes },
  since,
}: {
  readonly event: RawEvent;
  readonly since: number;
}): JSX.Element {
  return (
    <li>
      <span class="when">+{formatDuration(at - since)}</span>
      <span class="size">{formatSize(bytes)}</span>
      <code dir="auto">
        {name !== null && <b>{name} </b>}
        {foldedText(data)}
      </code>
    </li>
  );
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
