import type { AnswerEvent, Failure } from '../../shared/chat.ts';

/** An agent's answer as it comes off the wire, local or deployed. */
export interface Answer {
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What an answer is read to. A failure inside a stream is its last event. */
export type StreamEvent = AnswerEvent | { readonly type: 'failure'; readonly failure: Failure };
