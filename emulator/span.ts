import type { IncomingHttpHeaders } from 'node:http';
import type { ModelCallSummary } from '../src/shared/session.ts';
import type { Caller, RunningRequest } from './caller.ts';
import type { Clock } from './clock.ts';

/** Details that a service adds to the span of a call. */
export interface SpanDetail {
  readonly model?: ModelCallSummary | undefined;
}

/** One call: of an operation through the wire, of another endpoint for agents, or of a WebSocket. */
export interface Span extends SpanDetail {
  readonly requestId: string;
  /** The operation's name; the path where no operation matches. */
  readonly operation: string;
  readonly caller: Caller | null;
  /** The caller's span in W3C form, from the `traceparent` header. */
  readonly traceParent: string | null;
  /** The ID of the request that the calling session carried out; null if it is unknown. */
  readonly parent: string | null;
  /** Milliseconds of virtual time. */
  readonly startedAt: number;
  readonly endedAt: number;
  /**
   * Real milliseconds until the response was written, or until the WebSocket closed. A streamed body
   * may still follow, except that of a model.
   */
  readonly duration: number;
  /** The HTTP status of the response; CLIENT_CLOSED if the client disconnected before it. */
  readonly status: number;
}

/** Starts measuring a call. The result creates its span at the end. */
export function startSpan(
  {
    requestId,
    headers,
    caller,
  }: {
    readonly requestId: string;
    readonly headers: IncomingHttpHeaders;
    readonly caller: Caller | null;
  },
  clock: Pick<Clock, 'now'>,
): (operation: string, status: number) => Span {
  const traceParent = traceParentOf(headers);
  const parent = findParent(traceParent, caller?.session()?.requests() ?? []);
  const startedAt = clock.now();
  const realStart = performance.now();
  return (operation, status) => ({
    requestId,
    operation,
    caller,
    traceParent,
    parent,
    startedAt,
    endedAt: clock.now(),
    duration: performance.now() - realStart,
    status,
  });
}

/** Returns the caller's span, from the `traceparent` header. */
export function traceParentOf(headers: IncomingHttpHeaders): string | null {
  return headers['traceparent']?.toString() ?? null;
}

/**
 * Returns the ID of the running request that a call belongs to: the only one of its trace or, where a
 * trace is unknown, the only one that it can be. Returns null if it can be several.
 */
export function findParent(
  traceParent: string | null,
  running: readonly RunningRequest[],
): string | null {
  if (running.length === 0) return null;
  const trace = traceIdOf(traceParent);
  const ofSameTrace = running.filter((request) => traceIdOf(request.traceParent) === trace);
  if (trace !== null && ofSameTrace.length > 0) return onlyId(ofSameTrace);
  return onlyId(
    running.filter((request) => trace === null || traceIdOf(request.traceParent) === null),
  );
}

function onlyId(requests: readonly RunningRequest[]): string | null {
  return requests.length === 1 ? requests[0]!.requestId : null;
}

function traceIdOf(traceParent: string | null): string | null {
  return /^[\da-f]{2}-([\da-f]{32})-/.exec(traceParent ?? '')?.[1] ?? null;
}
