import type { Attachment } from '../attachment.ts';
import type { Part, Usage, WaitingTask } from './answer.ts';
import type { TurnModelCalls } from './modelCalls.ts';
import type { Opening } from './session.ts';

/** An error of the agent, the service or the network that failed a turn. */
export interface Failure {
  /** The error's name, such as RuntimeClientError. */
  readonly name: string;
  /** The whole message, including a traceback. */
  readonly message: string;
}

/** The outcome of a turn. A turn ends exactly once. */
export type Outcome =
  | { readonly type: 'completed' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'canceled' };

/** A prompt and its answer. Times are the host's, in milliseconds. */
export interface Turn {
  readonly id: string;
  readonly prompt: string;
  /** True if the prompt is a JSON payload that was sent unchanged. */
  readonly isPayload?: true;
  /** True if the agent sent a message without a prompt, over a WebSocket. */
  readonly isUnprompted?: true;
  /** Attachments of the prompt, if any. */
  readonly attachments?: readonly Attachment[];
  /** Null if the session continues, or is the conversation's first. */
  readonly opening: Opening | null;
  /** The answer so far, in order of arrival. */
  readonly parts: readonly Part[];
  /** Null until the agent reports it. */
  readonly usage: Usage | null;
  /** Absent without model calls through the emulator. */
  readonly modelCalls?: TurnModelCalls;
  /** The agent's task that waits for the next message, if any. */
  readonly waitingTask?: WaitingTask;
  readonly askedAt: number;
  /** Arrival of the answer's first part. */
  readonly firstAt: number | null;
  readonly endedAt: number | null;
  /** Null while the turn is running. */
  readonly outcome: Outcome | null;
}

/** Returns an answer's text or JSON, without thinking and tool uses. */
export function answerText({ parts }: Pick<Turn, 'parts'>): string {
  return parts
    .flatMap((part) => {
      // The part before it already contains its text.
      if (part.type === 'data') return part.leftOut === undefined ? part.json : [];
      return part.type === 'text' ? part.text : [];
    })
    .join('\n\n');
}
