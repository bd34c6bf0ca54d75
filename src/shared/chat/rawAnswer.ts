/** One event of an answer as it came. */
export interface RawEvent {
  readonly at: number;
  /** As server-sent events may have one. */
  readonly name: string | null;
  /** As far as it is kept. */
  readonly data: string;
  /** How many it had. */
  readonly bytes: number;
}

/** A request as it was sent. */
export interface RawRequest {
  /** Those that tell whose it is and how it is to be read; none that lets anybody in. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As far as it is kept. */
  readonly payload: string;
  /** How many more characters it had. */
  readonly leftOut: number;
  readonly bytes: number;
}

/** An answer as it came, its beginning and its end, and what it answers. */
export interface RawAnswer {
  /** Null where nothing was sent. */
  readonly request: RawRequest | null;
  /** Null until it is answered. */
  readonly contentType: string | null;
  readonly first: readonly RawEvent[];
  /** How many events between them are not kept. */
  readonly leftOut: number;
  readonly last: readonly RawEvent[];
  readonly bytes: number;
}
