import {
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { WireError } from '../../wire/errors.ts';
import type { PingAnswer, PingProblem } from './ping.ts';

/** An agent's port, and the pool of connections to it. */
export interface AgentConnection {
  readonly port: number;
  readonly connections: Agent;
  /** Milliseconds that the agent has to respond to a ping. */
  readonly pingTimeout: number;
}

/** A request to an agent. */
export interface AgentRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
  /** Receives the request, so that the caller can destroy it. Cheaper than a signal per request. */
  readonly onRequest?: (request: ClientRequest) => void;
}

/** The health check of a protocol. */
export interface HealthCheck {
  /** The name of the check in messages. */
  readonly name: string;
  readonly request: AgentRequest;
  read(status: number, body: string): PingAnswer | PingProblem;
  /** True if the check repeats throughout a session; otherwise it runs only at the start. */
  readonly repeats: boolean;
}

/** The agent switched protocols in response to a request that did not ask for it. */
class UnexpectedUpgrade extends WireError {
  constructor({ method, path }: AgentRequest) {
    super(
      'RuntimeClientError',
      `Received error (101) from runtime. The agent switched protocols in response to ${method} ${path}. Send an HTTP response instead; only /ws can be a WebSocket.`,
    );
  }
}

/** Error codes of a connection that the agent closed. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/** Sends a request to the agent. Resolves with the response as soon as its headers arrive. */
export function sendRequest(
  connection: AgentConnection,
  agentRequest: AgentRequest,
): Promise<IncomingMessage> {
  const { body, headers, onRequest, ...options } = agentRequest;
  const host = '127.0.0.1';
  const { port, connections: agent } = connection;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host,
      port,
      agent,
      headers: headerList({ host: `${host}:${port}`, ...headers }),
      ...options,
    });
    // Node emits exactly one of these events first, whatever the agent sends or closes.
    request.once('response', resolve);
    request.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new UnexpectedUpgrade(agentRequest));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      // The agent may have just closed a pooled connection. Only an idempotent request is retried.
      if (agentRequest.method === 'GET' && request.reusedSocket && error.code === 'ECONNRESET') {
        sendRequest(connection, agentRequest).then(resolve, reject);
      } else reject(CLOSED.has(error.code) ? closedConnection(error) : error);
    });
    onRequest?.(request);
    request.end(body);
  });
}

function closedConnection(cause: Error): Error {
  return new Error('the agent closed the connection without a response', { cause });
}

/** Converts headers to a flat list, which Node writes faster than an object. */
function headerList(headers: OutgoingHttpHeaders): string[] {
  const list: string[] = [];
  for (const [name, values] of Object.entries(headers)) {
    if (values === undefined) continue;
    for (const value of Array.isArray(values) ? values : [values]) list.push(name, String(value));
  }
  return list;
}

/** Sends the agent's health check. */
export async function sendPing(
  connection: AgentConnection,
  { name, request, read }: HealthCheck,
): Promise<PingAnswer | PingProblem> {
  const signal = AbortSignal.timeout(connection.pingTimeout);
  try {
    const answer = await sendRequest(connection, { ...request, signal });
    return read(answer.statusCode ?? 0, await readTextPrefix(answer, 4096));
  } catch (error) {
    if (error instanceof UnexpectedUpgrade) return read(101, '');
    const problem = signal.aborted
      ? `${name} did not respond within ${connection.pingTimeout / 1000} s`
      : `${name} failed: ${(error as Error).message}`;
    return { problem, answered: false };
  }
}

/** Reads the start of a response as text. A longer response is truncated and its connection closed. */
export async function readTextPrefix(answer: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}
