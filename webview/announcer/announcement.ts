import type { Part } from '../../src/shared/chat/answer.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { describeLongRuns } from '../longRuns/longRuns.ts';
import { createMarkdownDocument, type MarkdownDocument } from '../markdown/document.ts';
import { toSpokenText } from '../markdown/spokenText.ts';

/** Text for screen readers about the last turn of a conversation. */
export interface Announcement {
  /**
   * Returns the text to announce next: the complete sentences of a running answer, and at its end the
   * rest and the outcome.
   */
  next(last: Turn | undefined): string;
}

/** Possible ends of a sentence. */
const SENTENCE_END = /[.!?…:][)"'”’]*\s|[。！？]|\n/g;

/** Creates an announcement that skips the text that `start` already has. */
export function createAnnouncement(start: Turn | undefined): Announcement {
  let turnText = createTurnText();
  let turn: string | null = null;
  /** Number of characters that have been announced. */
  let length = 0;
  let closed = true;

  function startTurn(next: Turn): void {
    turnText = createTurnText();
    turn = next.id;
    length = 0;
    closed = false;
  }

  if (start) {
    startTurn(start);
    closed = start.outcome !== null;
    if (!closed) length = turnText.read(start).length;
  }
  return {
    next(last) {
      if (!last) return '';
      if (last.id !== turn) startTurn(last);
      if (closed) return '';
      closed = last.outcome !== null;
      const words = turnText.read(last);
      const end = closed ? words.length : findSentenceEnd(words, length);
      const more = words.slice(length, end);
      length = Math.max(length, end);
      return `${more} ${describeOutcome(last)}`.trim();
    },
  };
}

/** Extracts the spoken text of a turn's answer so far. */
interface TurnText {
  read(turn: Turn): string;
}

function createTurnText(): TurnText {
  /** Text of the parts that have ended. */
  const endedParts: string[] = [];
  const documents = new Map<number, MarkdownDocument>();

  function describePart(part: Part, index: number, ended: boolean): string {
    const words = endedParts[index] ?? describeLongRuns(readPart(part, index, ended));
    if (ended) endedParts[index] = words;
    return words;
  }

  function readPart(part: Part, index: number, ended: boolean): string {
    switch (part.type) {
      case 'text': {
        const document = documents.get(index) ?? createMarkdownDocument();
        documents.set(index, document);
        return toSpokenText(document.read(part.text, { ended, isStalled: false }));
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
    read: ({ parts, outcome }) =>
      parts
        .map((part, index) =>
          describePart(part, index, outcome !== null || index < parts.length - 1),
        )
        .filter(Boolean)
        .join('\n'),
  };
}

/** Index after the last complete sentence that starts at `from` or later. */
function findSentenceEnd(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(SENTENCE_END)) {
    end = from + match.index + match[0].length;
  }
  return end;
}

function describeOutcome({ outcome, parts, waitingTask }: Turn): string {
  switch (outcome?.type) {
    case 'failed':
      return `Failed: ${firstLine(outcome.failure.message)}`;
    case 'canceled':
      return 'Stopped.';
    case 'completed':
      if (waitingTask) return 'The agent is waiting for your reply.';
      return parts.length === 0 ? 'The answer is empty.' : '';
    case undefined:
      return '';
  }
}

function firstLine(message: string): string {
  return describeLongRuns(message.split('\n', 1)[0]!);
}
