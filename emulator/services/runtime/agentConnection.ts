import {
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { WireError } from '../../wire/errors.ts';
import type { PingAnswer, PingProblem } from './ping.ts';

/** How long an agent may take to answer a ping. */
export const PING_TIMEOUT_MS = 5_000;

/** Where an agent listens, and the connections that are kept to it. */
export interface AgentConnection {
  readonly port: number;
  readonly connections: Agent;
}

/** What is sent to an agent. */
export interface AgentRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
  /** Told of the request, which can be destroyed: a signal for each would cost more than this. */
  readonly onRequest?: (request: ClientRequest) => void;
}

/** How an agent is asked whether it serves. */
export interface HealthCheck {
  /** What that is called in messages. */
  readonly name: string;
  readonly request: AgentRequest;
  read(status: number, body: string): PingAnswer | PingProblem;
  /** Whether it is asked throughout a session, and not only as it starts. */
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

/** Sends the agent a message and gives back its answer as soon as the head of it is there. */
export function sendRequest(
  line: AgentConnection,
  message: AgentRequest,
): Promise<IncomingMessage> {
  const { body, headers, onRequest, ...options } = message;
  const host = '127.0.0.1';
  const { port, connections: agent } = line;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host,
      port,
      agent,
      headers: headerList({ host: `${host}:${port}`, ...headers }),
      ...options,
    });
    // Node closes a request that is upgraded, and settles it in no other way.
    let isSettled = false;
    request.once('response', (answer) => {
      isSettled = true;
      resolve(answer);
    });
    request.once('upgrade', (_answer, socket) => {
      isSettled = true;
      socket.destroy();
      reject(new UnexpectedUpgrade(message));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      isSettled = true;
      // A kept connection that the agent had just closed. Only what may be done twice goes again.
      if (message.method === 'GET' && request.reusedSocket && error.code === 'ECONNRESET') {
        sendRequest(line, message).then(resolve, reject);
      } else reject(CLOSED.has(error.code) ? closedConnection(error) : error);
    });
    request.once('close', () => {
      if (!isSettled) reject(closedConnection());
    });
    onRequest?.(request);
    request.end(body);
  });
}

function closedConnection(cause?: Error): Error {
  return new Error('the agent closed the connection without a response', { cause });
}

/** Headers as a list, which Node writes as they stand; an object it takes in one by one. */
function headerList(headers: OutgoingHttpHeaders): string[] {
  const list: string[] = [];
  for (const [name, values] of Object.entries(headers)) {
    if (values === undefined) continue;
    for (const value of Array.isArray(values) ? values : [values]) list.push(name, String(value));
  }
  return list;
}

/** Asks the agent how it is. */
export async function sendPing(
  line: AgentConnection,
  { name, request: message, read }: HealthCheck,
): Promise<PingAnswer | PingProblem> {
  const signal = AbortSignal.timeout(PING_TIMEOUT_MS);
  try {
    const answer = await sendRequest(line, { ...message, signal });
    return read(answer.statusCode ?? 0, await readTextPrefix(answer, 4096));
  } catch (error) {
    if (error instanceof UnexpectedUpgrade) return read(101, '');
    const problem = signal.aborted
      ? `${name} gave no answer within ${PING_TIMEOUT_MS / 1000} s`
      : `${name} failed: ${(error as Error).message}`;
    return { problem, answered: false };
  }
}

/** Reads the beginning of an answer as text; what is longer is cut off, connection and all. */
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
