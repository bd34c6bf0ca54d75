import type { ModelEvent } from './modelEvent.ts';
import type { ModelRequest } from './modelRequest.ts';
import type { TokenState } from './upstream/tokenPool.ts';

/** The source of replies to model requests: the offline model, or a client of a model provider. */
export interface ModelBackend {
  /**
   * Starts a reply. Throws a ModelError, from the iterator if it occurs after the first event. The
   * signal is aborted when the client disconnects.
   */
  invoke(request: ModelRequest, context: BackendContext): AsyncIterable<ModelEvent>;
  /** Counts the tokens of a prompt. */
  countTokens(request: ModelRequest, context: BackendContext): Promise<number>;
  embed(request: EmbeddingRequest, context: BackendContext): Promise<EmbeddingReply>;
  /** Names and states of the tokens in its pool, if it has one. */
  readTokens?(): readonly TokenState[];
  close?(): Promise<void>;
}

/** The context of a call. */
export interface BackendContext {
  readonly signal: AbortSignal;
  /** The name of the agent that calls; null for any other client. */
  readonly agent: string | null;
  /** The ID of the calling session; null for any other client. */
  readonly sessionId: string | null;
}

/** Texts to embed. */
export interface EmbeddingRequest {
  readonly model: string;
  readonly texts: readonly string[];
  /** The length of each vector; the model's default if absent. */
  readonly dimensions?: number | undefined;
}

export interface EmbeddingReply {
  /** A vector for each text. */
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens: number;
}
