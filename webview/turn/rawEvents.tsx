import { createContext, type JSX } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import type { RawAnswer, RawEvent, RawRequest } from '../../src/shared/chat/rawAnswer.ts';
import { sizeInWords } from '../../src/shared/size.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { IconButton } from '../iconButton.tsx';
import { inWords } from '../parts/duration.ts';

/** How often it is asked what more has come. */
const REFRESH_MILLISECONDS = 500;

/** The answers as they came, as far as the host was asked for them. */
export interface RawAnswers {
  /** By their turns; null where one is not kept. */
  readonly raws: ReadonlyMap<string, RawAnswer | null>;
  /** Asks for a turn's; the same function as long as it can be asked for. */
  readonly ask: (turn: string) => void;
}

/** So that a turn whose events are not shown is not built again when another's are. */
export const RawAnswersContext = createContext<RawAnswers>({ raws: new Map(), ask: () => {} });

/** Opens and closes what came of an answer, as it came. */
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

/** What was sent, and the events of the answer as they came: when, of what length, and what. */
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

/** Whose it is and how it is to be read, and what was said. */
function Request({
  request: { headers, payload, leftOut, bytes },
}: {
  readonly request: RawRequest;
}): JSX.Element {
  return (
    <>
      <p class="summary">Sent · {sizeInWords(bytes)}</p>
      {/* It scrolls, so the keyboard must be able to come to it. */}
      <div class="request" role="group" aria-label="Request" tabIndex={0}>
        {headers.map(([name, value]) => (
          <code key={name}>
            <b>{name}:</b> {value}
          </code>
        ))}
        <code class="payload" dir="auto">
          {payload}
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
        {[contentType || 'no content type', counted(count, 'event'), sizeInWords(bytes)].join(
          ' · ',
        )}
      </p>
      {/* It scrolls, so the keyboard must be able to come to it. */}
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
      <span class="when">+{inWords(at - since)}</span>
      <span class="size">{sizeInWords(bytes)}</span>
      <code dir="auto">
        {name !== null && <b>{name} </b>}
        {data}
      </code>
    </li>
  );
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
