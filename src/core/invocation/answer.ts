import type { AnswerEvent } from '../../shared/chat/answer.ts';
import type { Failure } from '../../shared/chat/turn.ts';

/** An agent's answer as it was received. */
export interface Answer {
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * An event of an answer. A failure is the last event. `end` is the agent's own mark that the answer is
 * complete, for a connection that stays open.
 */
export type StreamEvent =
  AnswerEvent | { readonly type: 'failure'; readonly failure: Failure } | { readonly type: 'end' };

/** An event of an answer whose end is known from its transport. */
export type ContentEvent = Exclude<StreamEvent, { type: 'end' }>;

/** The agent marked its answer as complete. */
export const END_OF_ANSWER: StreamEvent = { type: 'end' };

/** Transforms events as they arrive. */
export interface EventTransform {
  push(event: StreamEvent): StreamEvent[];
  /** Returns the events that were held back, because the answer has ended. */
  end(): StreamEvent[];
}
