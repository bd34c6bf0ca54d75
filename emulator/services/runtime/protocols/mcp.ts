import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { WireError } from '../../../wire/errors.ts';
import { operationNamed } from '../../../wire/operations.ts';
import type { HealthCheck } from '../agentConnection.ts';
import { parseJsonRpcMessage, writeJsonRpcError, type JsonRpcError } from './jsonRpc.ts';
import type { SessionResolver, Protocol } from './protocol.ts';

const SESSION_HEADER = 'mcp-session-id';

/** Media types that an MCP client must accept. */
const MEDIA_TYPES = ['application/json', 'text/event-stream'];

/** Error codes that AWS documents. Others become -32603 with status 200, like most. */
const ERROR_CODES: Readonly<Record<string, JsonRpcError>> = {
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
 * MCP has no `/ping`, so AgentCore sends MCP's own. A server with sessions rejects it, because it names
 * none, and thereby shows that it is ready. Such a server may open a session for each ping, so the
 * ping is not repeated after the start.
 */
const health = (path: string): HealthCheck => ({
  name: 'MCP’s ping',
  request: {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', accept: MEDIA_TYPES.join(', ') },
    body: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'ping', method: 'ping' })),
  },
  read(status, body) {
    const isRejection = status >= 400 && status < 500 && status !== 401 && status !== 403;
    if (
      (status >= 200 && status < 300) ||
      (isRejection && parseJsonRpcMessage(Buffer.from(body)))
    ) {
      return { status: 'Healthy', timeOfLastUpdate: null };
    }
    return { problem: `${path} returned status ${status} to MCP’s ping`, answered: true };
  },
  repeats: false,
});

/** The Model Context Protocol over streamable HTTP, with or without sessions of the server. */
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
  formatError(error, { method, body }) {
    const [code, status] = ERROR_CODES[error.name] ?? [-32603, 200];
    // Clients that open a stream or end a session rely on the status.
    return writeJsonRpcError(error, [code, method === 'POST' ? status : error.status], body);
  },
};

/** Number of server sessions to remember; the least recently used are dropped. */
const MAX_SERVER_SESSIONS = 10_000;

/** Valid session IDs of AgentCore. */
function isRuntimeSessionId({ length }: string): boolean {
  const { input } = operationNamed('InvokeAgentRuntime');
  const { min = 0, max = Infinity } = input.members.get('runtimeSessionId')!.schema;
  return length >= min && length <= max;
}

/**
 * Maps `Mcp-Session-Id` to a machine: by the session ID, or by an ID that the server on it issued.
 * The runtime's own header counts only without it, because SDKs set a new one for each call.
 */
function createSessionResolver(): SessionResolver {
  const machines = new Map<string, string>();

  function findMachine(runtimeId: string, id: string): string | undefined {
    return machines.get(`${runtimeId}\n${id}`) ?? (isRuntimeSessionId(id) ? id : undefined);
  }

  function remember(runtimeId: string, id: string, sessionId: string): void {
    if (id === sessionId) return;
    const key = `${runtimeId}\n${id}`;
    machines.delete(key);
    machines.set(key, sessionId);
    if (machines.size > MAX_SERVER_SESSIONS) machines.delete(machines.keys().next().value!);
  }

  return {
    resolve({
      runtimeId,
      method,
      headers,
      runtimeSessionId,
      mcpSessionId: clientSessionId,
      payload,
    }) {
      if (method === 'POST') requireAccept(headers);
      const sessionId =
        (clientSessionId === undefined ? undefined : findMachine(runtimeId, clientSessionId)) ??
        runtimeSessionId ??
        randomUUID();
      if (clientSessionId !== undefined) remember(runtimeId, clientSessionId, sessionId);
      const sent = clientSessionId ?? (opensSession(method, payload) ? undefined : sessionId);
      return {
        sessionId,
        headers: {
          // A client without an Accept header, or with `*/*`, accepts both.
          ...(method === 'POST' && { accept: MEDIA_TYPES.join(', ') }),
          ...(sent !== undefined && { [SESSION_HEADER]: sent }),
        },
        mcpSessionId(issued) {
          if (issued !== undefined) remember(runtimeId, issued, sessionId);
          return issued ?? clientSessionId ?? sessionId;
        },
      };
    },
  };
}

// A server with sessions opens one for an `initialize` without an ID. Other messages without a session get
// AgentCore's ID.
function opensSession(method: string, payload: Buffer): boolean {
  return method === 'POST' && parseJsonRpcMessage(payload)?.method === 'initialize';
}

function requireAccept({ accept = '*/*' }: IncomingHttpHeaders): void {
  const accepts = (type: string) =>
    [type, `${type.split('/')[0]}/*`, '*/*'].some((range) => accept.toLowerCase().includes(range));
  if (MEDIA_TYPES.every(accepts)) return;
  throw new WireError(
    'McpRequestUnacceptableException',
    `Accept Header Error - MCP protocol requires Accept header: ${MEDIA_TYPES.join(', ')}. The request has: ${accept}`,
  );
}
