import type { Part } from '../../src/shared/chat/answer.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { describeLongRuns } from '../longRuns/longRuns.ts';
import { createDocument, type MarkdownDocument } from '../markdown/document.ts';
import { toSpokenText } from '../markdown/spokenText.ts';

/** Text for screen readers about the last turn of a conversation. */
export interface Announcement {
  /**
   * The words to announce next: of a running answer its whole sentences, at its end the rest and how
   * it ended. A word at a time would be noise.
   */
  next(last: Turn | undefined): string;
}

/** Where a sentence may end; until one does there is nothing to announce. */
const SENTENCE_END = /[.!?…:][)"'”’]*\s|[。！？]|\n/g;

/** Begins where a conversation stands: what is there has been heard, or can be read. */
export function createAnnouncement(start: Turn | undefined): Announcement {
  let reading = createReading();
  let turn: string | null = null;
  /** How many of the turn's words have been announced. */
  let length = 0;
  let closed = true;

  function turnTo(next: Turn): void {
    reading = createReading();
    turn = next.id;
    length = 0;
    closed = false;
  }

  if (start) {
    turnTo(start);
    closed = start.outcome !== null;
    if (!closed) length = reading.words(start).length;
  }
  return {
    next(last) {
      if (!last) return '';
      if (last.id !== turn) turnTo(last);
      if (closed) return '';
      closed = last.outcome !== null;
      const words = reading.words(last);
      const end = closed ? words.length : endOfSentences(words, length);
      const more = words.slice(length, end);
      length = Math.max(length, end);
      return `${more} ${outcomeInWords(last)}`.trim();
    },
  };
}

/** What a turn's answer says, so far as it has come. */
interface Reading {
  words(turn: Turn): string;
}

function createReading(): Reading {
  /** What the parts say that are over. */
  const said: string[] = [];
  const documents = new Map<number, MarkdownDocument>();

  function partInWords(part: Part, index: number, ended: boolean): string {
    const words = said[index] ?? describeLongRuns(read(part, index, ended));
    if (ended) said[index] = words;
    return words;
  }

  function read(part: Part, index: number, ended: boolean): string {
    switch (part.type) {
      case 'text': {
        const document = documents.get(index) ?? createDocument();
        documents.set(index, document);
        return toSpokenText(document.read(part.text, { ended, stands: false }));
      }
      case 'data':
        return part.leftOut === undefined ? part.json : '';
      case 'guardrail':
      case 'notice':
        return part.text;
      case 'thinking':
      case 'tool':
        return '';
    }
  }

  return {
    words: ({ parts, outcome }) =>
      parts
        .map((part, index) =>
          partInWords(part, index, outcome !== null || index < parts.length - 1),
        )
        .filter(Boolean)
        .join('\n'),
  };
}

/** Where the last complete sentence after `from` ends. */
function endOfSentences(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(SENTENCE_END)) {
    end = from + match.index + match[0].length;
  }
  return end;
}

function outcomeInWords({ outcome, parts, waitingTask }: Turn): string {
  switch (outcome?.type) {
    case 'failed':
      return `Failed: ${headlineOf(outcome.failure.message)}`;
    case 'cancelled':
      return 'Stopped.';
    case 'completed':
      if (waitingTask) return 'The agent waits for your answer.';
      return parts.length === 0 ? 'The answer is empty.' : '';
    case undefined:
      return '';
  }
}

function headlineOf(message: string): string {
  return describeLongRuns(message.split('\n', 1)[0]!);
}
