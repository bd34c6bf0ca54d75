import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { constraintsOf } from '../../../wire/constraints.ts';
import { WireError } from '../../../wire/errors.ts';
import type { HealthCheck } from '../agentConnection.ts';
import { parseJsonRpcMessage, writeJsonRpcError, type JsonRpcError } from './jsonRpc.ts';
import type { SessionResolver, Protocol } from './protocol.ts';

const SESSION_HEADER = 'mcp-session-id';

/** What a client of MCP must be ready to get. */
const MEDIA_TYPES = ['application/json', 'text/event-stream'];

/** As AWS documents them. What is not among them is -32603, and goes out with 200 as most do. */
const REFUSALS: Readonly<Record<string, JsonRpcError>> = {
  UnauthorizedException: [-32001, 401],
  AccessDeniedException: [-32002, 403],
  ThrottlingException: [-32003, 200],
  ServiceQuotaExceededException: [-32003, 200],
  ResourceNotFoundException: [-32004, 200],
  ConflictException: [-32005, 200],
  RetryableConflictException: [-32005, 200],
  ValidationException: [-32006, 200],
  RuntimeClientError: [-32010, 200],
  McpRequestUnacceptableException: [-32011, 406],
};

/**
 * MCP has no `/ping`: AgentCore sends MCP's own. A server with sessions of its own refuses it, as it
 * is sent in none, and shows by the way it does that it serves. Such a server may open a session for
 * each, so it is not asked again once it has started.
 */
const health: HealthCheck = {
  name: 'MCP’s ping',
  request: {
    method: 'POST',
    path: '/mcp',
    headers: { 'content-type': 'application/json', accept: MEDIA_TYPES.join(', ') },
    body: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'ping', method: 'ping' })),
  },
  read(status, body) {
    const mayRefuse = status >= 400 && status < 500 && status !== 401 && status !== 403;
    if ((status >= 200 && status < 300) || (mayRefuse && parseJsonRpcMessage(Buffer.from(body)))) {
      return { status: 'Healthy', timeOfLastUpdate: null };
    }
    return { problem: `/mcp answered MCP’s ping with status ${status}`, answered: true };
  },
  repeats: false,
};

/** The Model Context Protocol over streamable HTTP, with or without sessions of the server's own. */
export const mcp: Protocol = {
  port: 8000,
  path: '/mcp',
  health,
  headers: ['last-event-id'],
  // The server's stream, and the end of a session.
  extraRequests: [
    { method: 'GET', path: '' },
    { method: 'DELETE', path: '' },
  ],
  createSessionResolver,
  refuse(error, { method, body }) {
    const [code, status] = REFUSALS[error.name] ?? [-32603, 200];
    // Who opens a stream or ends a session goes by the status.
    return writeJsonRpcError(error, [code, method === 'POST' ? status : error.status], body);
  },
};

/** How many sessions of servers are remembered; those that were not used for longest are forgotten. */
const REMEMBERED = 10_000;

const { runtimeSessionId: bounds } = constraintsOf('data', 'InvokeAgentRuntimeRequest');

/** What AgentCore takes as the id of a session. */
function isRuntimeSessionId({ length }: string): boolean {
  return length >= (bounds?.min ?? 0) && length <= (bounds?.max ?? Infinity);
}

/**
 * `Mcp-Session-Id` says which machine is meant: the id of a session there, or one that the server on
 * it has issued. The runtime's own header counts for clients that have none yet, as SDKs fill it in
 * anew with every call.
 */
function createSessionResolver(): SessionResolver {
  const machines = new Map<string, string>();

  function machineOf(runtimeId: string, id: string): string | undefined {
    return machines.get(`${runtimeId}\n${id}`) ?? (isRuntimeSessionId(id) ? id : undefined);
  }

  function remember(runtimeId: string, id: string, sessionId: string): void {
    if (id === sessionId) return;
    const key = `${runtimeId}\n${id}`;
    machines.delete(key);
    machines.set(key, sessionId);
    if (machines.size > REMEMBERED) machines.delete(machines.keys().next().value!);
  }

  return {
    resolve({ runtimeId, method, headers, runtimeSessionId, mcpSessionId: given, payload }) {
      if (method === 'POST') demandAccept(headers);
      const sessionId =
        (given === undefined ? undefined : machineOf(runtimeId, given)) ??
        runtimeSessionId ??
        randomUUID();
      if (given !== undefined) remember(runtimeId, given, sessionId);
      const told = given ?? (opensSession(method, payload) ? undefined : sessionId);
      return {
        sessionId,
        headers: {
          // A client that says nothing, or everything, takes both.
          ...(method === 'POST' && { accept: MEDIA_TYPES.join(', ') }),
          ...(told !== undefined && { [SESSION_HEADER]: told }),
        },
        mcpSessionId(issued) {
          if (issued !== undefined) remember(runtimeId, issued, sessionId);
          return issued ?? given ?? sessionId;
        },
      };
    },
  };
}

// A server with sessions of its own opens one by an initialize that names none; whatever else comes
// without a session gets AgentCore's.
function opensSession(method: string, payload: Buffer): boolean {
  return method === 'POST' && parseJsonRpcMessage(payload)?.method === 'initialize';
}

function demandAccept({ accept = '*/*' }: IncomingHttpHeaders): void {
  const takes = (type: string) =>
    [type, `${type.split('/')[0]}/*`, '*/*'].some((range) => accept.toLowerCase().includes(range));
  if (MEDIA_TYPES.every(takes)) return;
  throw new WireError(
    'McpRequestUnacceptableException',
    `Accept Header Error - MCP protocol requires Accept header: ${MEDIA_TYPES.join(', ')}. The request has: ${accept}`,
  );
}
