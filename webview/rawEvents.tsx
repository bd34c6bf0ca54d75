import { createContext, type JSX } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import type { RawAnswer, RawEvent } from '../src/shared/chat/rawAnswer.ts';
import { sizeInWords } from '../src/shared/size.ts';
import type { Turn } from '../src/shared/chat/turn.ts';
import { IconButton } from './iconButton.tsx';
import { inWords } from './parts/duration.ts';

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
      title="The answer’s events as they came"
      name="Raw events"
      aria-expanded={isOpen}
      onClick={onToggle}
    />
  );
}

/** The events of an answer as they came: when, of what length, and what. */
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
        <p class="remark">
          {why ? 'Nothing came, or it is not kept any more: only the latest answers are.' : '…'}
        </p>
      </section>
    );
  }
  const { contentType, first, leftOut, last, bytes } = raw;
  const count = first.length + leftOut + last.length;
  return (
    <section class="raw" aria-label="Raw events">
      <p class="summary">
        {[contentType || 'no content type', counted(count, 'event'), sizeInWords(bytes)].join(
          ' · ',
        )}
      </p>
      {/* It scrolls, so the keyboard must be able to come to it. */}
      <ol tabIndex={0} aria-label="Events">
        {first.map((event, index) => (
          <RawEventRow key={index} event={event} since={askedAt} />
        ))}
        {leftOut > 0 && <li class="remark">{counted(leftOut, 'event')} between are not kept</li>}
        {last.map((event, index) => (
          <RawEventRow key={first.length + leftOut + index} event={event} since={askedAt} />
        ))}
      </ol>
    </section>
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
