import type { Failure } from '../../shared/chat.ts';

/** An agent's answer as it comes off the wire, local or deployed. */
export interface Answer {
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a person is shown of an answer. A failure inside a stream is its last part. */
export type AnswerPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'failure'; readonly failure: Failure };
