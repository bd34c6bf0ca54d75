import type { AnswerEvent } from '../../shared/chat/answer.ts';
import type { Failure } from '../../shared/chat/turn.ts';

/** An agent's answer as it comes off the wire, local or deployed. */
export interface Answer {
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * What an answer is read to. A failure inside a stream is its last event; the agent's own word that it
 * has said all is the last only where nothing else tells the end.
 */
export type StreamEvent =
  AnswerEvent | { readonly type: 'failure'; readonly failure: Failure } | { readonly type: 'end' };

/** What is left to tell where something else tells the end. */
export type ContentEvent = Exclude<StreamEvent, { type: 'end' }>;

/** By its own word, the agent has said all. */
export const END_OF_ANSWER: StreamEvent = { type: 'end' };

/** Changes events on their way, as they come. */
export interface EventTransform {
  push(event: StreamEvent): StreamEvent[];
  /** Nothing more comes: what was waiting for more comes out. */
  end(): StreamEvent[];
}
