import { createContext, type JSX } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import type { RawAnswer, RawEvent, RawRequest } from '../../src/shared/chat/rawAnswer.ts';
import { formatSize } from '../../src/shared/formatSize.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { IconButton } from '../iconButton.tsx';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';
import { formatDuration } from '../parts/formatDuration.ts';

/** Interval between requests for new events. */
const REFRESH_MILLISECONDS = 500;

/** The raw answers that the host has sent so far. */
export interface RawAnswers {
  /** Raw answers by turn; null if the host no longer has one. */
  readonly byTurn: ReadonlyMap<string, RawAnswer | null>;
  /** Requests the raw answer of a turn. The function is the same until requests become impossible. */
  readonly request: (turn: string) => void;
}

/** A context, so that turns without visible raw events are not rendered when others change. */
export const RawAnswersContext = createContext<RawAnswers>({
  byTurn: new Map(),
  request: () => {},
});

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
      title="Show the request and the raw events of the answer"
      name="Raw events"
      aria-expanded={isOpen}
      onClick={onToggle}
    />
  );
}

/** Shows the request, and the time, size and data of each event of the answer. */
export function RawEvents({ turn }: { readonly turn: Turn }): JSX.Element {
  const { byTurn, request: requestRaw } = useContext(RawAnswersContext);
  const { id, askedAt, outcome } = turn;
  const runs = outcome === null;
  useEffect(() => {
    requestRaw(id);
    if (!runs) return;
    const timer = setInterval(() => requestRaw(id), REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, [id, runs, requestRaw]);

  const raw = byTurn.get(id);
  if (!raw) {
    const isDiscarded = raw === null && !runs;
    return (
      <section class="raw" aria-label="Raw events">
        <p class="remark">
          {isDiscarded
            ? 'No longer available. Only the latest turns keep their raw events.'
            : 'Loading…'}
        </p>
      </section>
    );
  }
  const { request, contentType } = raw;
  return (
    <section class="raw" aria-label="Raw events">
      {request && <Request request={request} />}
      {contentType === null ? (
        <p class="remark">{runs ? 'Waiting for the answer…' : noEventsText(request)}</p>
      ) : (
        <Events raw={raw} since={askedAt} />
      )}
    </section>
  );
}

function noEventsText(request: RawRequest | null): string {
  return request ? 'The agent sent no answer.' : 'No request was sent.';
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
      {/* Scrollable content must be focusable for keyboard users. */}
      <div class="request" role="group" aria-label="Request" tabIndex={0}>
        {headers.map(([name, value]) => (
          <code key={name}>
            <b>{name}:</b> {foldLongRuns(value)}
          </code>
        ))}
        <code class="payload" dir="auto">
          {foldLongRuns(payload)}
        </code>
        {leftOut > 0 && <p class="remark">{formatCount(leftOut, 'more character')} omitted</p>}
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
        {[contentType || 'no content type', formatCount(count, 'event'), formatSize(bytes)].join(
          ' · ',
        )}
      </p>
      {/* Scrollable content must be focusable for keyboard users. */}
      <ol tabIndex={0} aria-label="Events">
        {first.map((event, index) => (
          <RawEventRow key={index} event={event} since={since} />
        ))}
        {leftOut > 0 && <li class="remark">{formatCount(leftOut, 'event')} omitted</li>}
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
      <span class="time">+{formatDuration(at - since)}</span>
      <span class="size">{formatSize(bytes)}</span>
      <code dir="auto">
        {name !== null && <b>{name} </b>}
        {foldLongRuns(data)}
      </code>
    </li>
  );
}

function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
