import type { Turn } from '../src/shared/chat/turn.ts';
import { wordsOf } from '../src/shared/chat/turn.ts';

/** How much of the conversation's end a screen reader has been given. */
export interface Announced {
  readonly turn: string | null;
  readonly length: number;
  readonly closed: boolean;
}

/** What is there when the view opens has been heard, or can be read. */
export function announcedSoFar(last: Turn | undefined): Announced {
  if (!last) return { turn: null, length: 0, closed: true };
  return { turn: last.id, length: wordsOf(last).length, closed: last.outcome !== null };
}

/**
 * The words to announce next: of a running answer its whole sentences, at its end the rest and how
 * it ended. A word at a time would be noise.
 */
export function announce(
  before: Announced,
  last: Turn | undefined,
): { readonly words: string; readonly announced: Announced } {
  if (!last) return { words: '', announced: announcedSoFar(last) };
  const { length, closed } = before.turn === last.id ? before : { length: 0, closed: false };
  if (closed) return { words: '', announced: before };
  const said = wordsOf(last);
  const end = last.outcome === null ? endOfSentences(said, length) : said.length;
  const words = `${said.slice(length, end)} ${outcomeInWords(last)}`.trim();
  return { words, announced: { turn: last.id, length: end, closed: last.outcome !== null } };
}

/** Where the last complete sentence after `from` ends. */
function endOfSentences(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(/[.!?…:][)"'”’]*\s|[。！？]|\n/g)) {
    end = from + match.index + match[0].length;
  }
  return end;
}

function outcomeInWords({ outcome, parts }: Turn): string {
  switch (outcome?.type) {
    case 'failed':
      return `Failed: ${headlineOf(outcome.failure.message)}`;
    case 'cancelled':
      return 'Stopped.';
    case 'completed':
      return parts.length === 0 ? 'The answer is empty.' : '';
    case undefined:
      return '';
  }
}

function headlineOf(message: string): string {
  return message.split('\n', 1)[0]!;
}
