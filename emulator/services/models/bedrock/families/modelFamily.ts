import type { EmbeddingReply, EmbeddingRequest } from '../../modelBackend.ts';
import type { ModelEvent, ModelReply } from '../../modelEvent.ts';
import type { ModelRequest } from '../../modelRequest.ts';
import type { ModelBody } from './modelBody.ts';

/** A family of models with its own format of bodies for InvokeModel. */
export type ModelFamily = TextFamily | EmbeddingFamily;

/** A family that writes text. */
export interface TextFamily {
  readonly kind: 'text';
  readRequest(body: ModelBody, model: string): ModelRequest;
  writeReply(reply: ModelReply, info: FamilyReplyInfo): object;
  /** Writes each event as the JSON document of a chunk. */
  writeEvents(events: AsyncIterable<ModelEvent>, info: FamilyReplyInfo): AsyncIterable<object>;
}

/** Values of a reply that do not come from the model's events. */
export interface FamilyReplyInfo {
  readonly model: string;
  /** The time of the reply in milliseconds since 1970. */
  readonly time: number;
}

/** A family that embeds texts. */
export interface EmbeddingFamily {
  readonly kind: 'embedding';
  readRequest(body: ModelBody, model: string): EmbeddingRequest;
  writeReply(reply: EmbeddingReply, body: ModelBody): object;
}
