import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorResponse } from '../../../wire/response.ts';
import type { WireError } from '../../../wire/errors.ts';
import type { RequestLine } from '../../../http/route.ts';
import type { RefusedRequest } from '../../../wire/wire.ts';
import type { HealthCheck } from '../agentConnection.ts';

/** A protocol of agents: all of its differences from the others. */
export interface Protocol {
  /** The port that agents listen on. */
  readonly port: number;
  /** The path of invocations. */
  readonly path: string;
  /** Returns the health check of an agent with this path of invocations. */
  health(path: string): HealthCheck;
  /** Headers of the protocol that are passed to the agent unchanged. */
  readonly headers: readonly string[];
  /** The environment variable for the URL that the agent's callers use. */
  readonly addressVariable?: string;
  /** Requests of its clients besides `POST …/invocations`, with paths below it. */
  readonly extraRequests: readonly RequestLine[];
  /** Creates one emulator's resolver of invocations to sessions. */
  createSessionResolver(): SessionResolver;
  /** Formats an error for its clients. */
  formatError(error: WireError, request: ProtocolRequest): ErrorResponse;
  /** The event that ends an interrupted stream, if the protocol has one. */
  formatStreamError?(error: WireError): string;
}

/** The request that an error answers. The body is present if it was read. */
export type ProtocolRequest = Pick<RefusedRequest, 'method' | 'body'>;

/** Resolves invocations to sessions. */
export interface SessionResolver {
  /** Throws if a request lacks something that the protocol requires. */
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
  readonly headers: IncomingHttpHeaders;
  /** Returns the MCP session id for the caller, given the one that the agent issued. */
  mcpSessionId(issued: string | undefined): string | undefined;
}
