import type { Attachment } from '../attachment.ts';
import type { Part, Usage, WaitingTask } from './answer.ts';
import type { Opening } from './session.ts';

/** Why a turn failed, in the words of whoever refused: the agent, the service or the network. */
export interface Failure {
  /** The error's name, such as RuntimeClientError. */
  readonly name: string;
  /** The whole message; a traceback is part of it. */
  readonly message: string;
}

/** How a turn ended; each one ends exactly once. */
export type Outcome =
  | { readonly type: 'completed' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'cancelled' };

/** A prompt and its answer: one stream, known by its id. Times are the host's, in milliseconds. */
export interface Turn {
  readonly id: string;
  readonly prompt: string;
  /** Whether the prompt was sent as it is, a payload in JSON. */
  readonly isPayload?: true;
  /** Whether there was no prompt: the agent spoke unasked, which it can by a web socket. */
  readonly isUnasked?: true;
  /** What went with the prompt; absent where nothing did. */
  readonly attachments?: readonly Attachment[];
  /** Null where the session goes on, or is the conversation's first. */
  readonly opening: Opening | null;
  /** What of the answer has come so far, in the order in which it came. */
  readonly parts: readonly Part[];
  /** What the agent says that the answer took; null until it says so. */
  readonly usage: Usage | null;
  /** What waits for an answer to this one; absent where nothing does. */
  readonly waitingTask?: WaitingTask;
  readonly askedAt: number;
  /** When the first part of the answer came. */
  readonly firstAt: number | null;
  readonly endedAt: number | null;
  /** Null while the answer is still coming. */
  readonly outcome: Outcome | null;
}

/** What a turn's answer says, in words or in JSON; what it thought and did is left out. */
export function answerText({ parts }: Pick<Turn, 'parts'>): string {
  return parts
    .flatMap((part) => {
      // Beside words of its own it says nothing more.
      if (part.type === 'data') return part.leftOut === undefined ? part.json : [];
      return part.type === 'text' ? part.text : [];
    })
    .join('\n\n');
}
