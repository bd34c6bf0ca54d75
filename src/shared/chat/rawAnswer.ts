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

/** An answer as it came: its beginning and its end. */
export interface RawAnswer {
  readonly contentType: string;
  readonly first: readonly RawEvent[];
  /** How many events between them are not kept. */
  readonly leftOut: number;
  readonly last: readonly RawEvent[];
  readonly bytes: number;
}
