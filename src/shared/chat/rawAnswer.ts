/** One event of an answer as it was received. */
export interface RawEvent {
  readonly at: number;
  /** The event name of a server-sent event, if any. */
  readonly name: string | null;
  /** The beginning, up to a limit. */
  readonly data: string;
  /** Full size. */
  readonly bytes: number;
}

/** A request as it was sent. */
export interface RawRequest {
  /** Headers without credentials. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The beginning, up to a limit. */
  readonly payload: string;
  /** Number of omitted characters. */
  readonly leftOut: number;
  readonly bytes: number;
}

/** The beginning and the end of an answer as it was received, with its request. */
export interface RawAnswer {
  /** Null if nothing was sent. */
  readonly request: RawRequest | null;
  /** Null before the response starts. */
  readonly contentType: string | null;
  readonly first: readonly RawEvent[];
  /** Number of omitted events between `first` and `last`. */
  readonly leftOut: number;
  readonly last: readonly RawEvent[];
  readonly bytes: number;
}
