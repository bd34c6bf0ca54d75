import type { Caller } from './caller.ts';

/** One call through the wire. Session timelines and events are projections of spans. */
export interface Span {
  readonly requestId: string;
  /** The operation's name; the path where no operation matches. */
  readonly operation: string;
  readonly caller: Caller | null;
  /** The caller's span in W3C form, from the `traceparent` header. */
  readonly traceParent: string | null;
  /** Milliseconds of virtual time. */
  readonly startedAt: number;
  /** Real milliseconds until the response was written. A streamed body may still follow. */
  readonly duration: number;
  /** The HTTP status of the response. */
  readonly status: number;
}
