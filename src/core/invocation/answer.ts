import type { AnswerEvent } from '../../shared/chat/answer.ts';
import type { Failure } from '../../shared/chat/turn.ts';

/** An agent's answer as it comes off the wire, local or deployed. */
export interface Answer {
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What an answer is read to. A failure inside a stream is its last event. */
export type StreamEvent = AnswerEvent | { readonly type: 'failure'; readonly failure: Failure };

/** Changes events on their way, as they come. */
export interface Stage {
  push(event: StreamEvent): StreamEvent[];
  /** Nothing more comes: what was waiting for more comes out. */
  end(): StreamEvent[];
}
