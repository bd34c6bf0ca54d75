/** A call of a model, as timelines and the chat show it. */
export interface ModelCallSummary {
  /** The model's ID as the client sent it. */
  readonly model: string;
  /** The backend that replied, as `--model` names it. */
  readonly backend: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Real milliseconds until the first token of the reply; null if there was none. */
  readonly timeToFirstToken: number | null;
  /** The names of the tools that the model called. */
  readonly tools: readonly string[];
  /** Estimated US dollars; null without a known price, and for backends that cost nothing. */
  readonly cost: number | null;
  /** Null if the reply did not end. */
  readonly stopReason: string | null;
  /** The reason why the call failed; null if it did not. */
  readonly error: string | null;
}
