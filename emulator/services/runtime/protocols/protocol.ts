import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { ErrorResponse } from '../../../wire/response.ts';
import type { WireError } from '../../../wire/errors.ts';
import type { RequestLine } from '../../../http/route.ts';
import type { RefusedRequest } from '../../../wire/wire.ts';
import type { HealthCheck } from '../agentConnection.ts';

/** A protocol that agents speak: all in which they differ by it. */
export interface Protocol {
  /** The port that its agents listen on. */
  readonly port: number;
  /** Where its agents take what their callers send. */
  readonly path: string;
  /** How its agents are asked whether they serve. */
  readonly health: HealthCheck;
  /** Headers of its own that reach the agent as they came. */
  readonly headers: readonly string[];
  /** The variable by which its agents learn the address that their callers know them by. */
  readonly addressVariable?: string;
  /** The requests of its clients beside `POST …/invocations`; their paths follow that one. */
  readonly extraRequests: readonly RequestLine[];
  /** Creates what resolves invocations to sessions, for one emulator. */
  createSessionResolver(): SessionResolver;
  /** Formats an error for its clients. */
  refuse(error: WireError, request: ProtocolRequest): ErrorResponse;
  /** The event that ends a stream of them that breaks off, where there is one for that. */
  breakOff?(error: WireError): string;
}

/** The request that an error answers; its body, if that was read. */
export type ProtocolRequest = Pick<RefusedRequest, 'method' | 'body'>;

/** Resolves invocations to sessions. */
export interface SessionResolver {
  /** Throws where a request lacks what the protocol requires. */
  resolve(invocation: InvocationRequest): ResolvedSession;
}

/** The parts of an invocation that identify its session. */
export interface InvocationRequest {
  readonly runtimeId: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly runtimeSessionId: string | undefined;
  readonly mcpSessionId: string | undefined;
  readonly payload: Buffer;
}

/** The session of an invocation, and what is sent to it. */
export interface ResolvedSession {
  readonly sessionId: string;
  /** Headers that replace the caller's. */
  readonly headers: OutgoingHttpHeaders;
  /** Returns the MCP session id for the caller, given the one that the agent issued. */
  mcpSessionId(issued: string | undefined): string | undefined;
}
