import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';
import { WireError } from '../../wire/errors.ts';
import type { PingAnswer, PingProblem } from './ping.ts';

/** An agent's port, and the pool of connections to it. */
export interface AgentConnection {
  readonly port: number;
  readonly pool: Pool;
  /** Milliseconds that the agent has to respond to a ping. */
  readonly pingTimeout: number;
}

/** Creates the pool as soon as the agent listens. Connections open as requests need them. */
export async function connectToAgent(
  listening: Promise<number>,
  pingTimeout: number,
): Promise<AgentConnection> {
  // The module loads while the agent starts, so that nothing waits for it.
  const [port, { Pool }] = await Promise.all([listening, import('undici')]);
  const pool = new Pool(`http://127.0.0.1:${port}`, {
    // uvicorn and Node close idle connections after 5 s. The pool closes them earlier.
    keepAliveTimeout: 4_000,
    // Request deadlines follow the emulator's clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return { port, pool, pingTimeout };
}

/** A request to an agent. */
export interface AgentRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
  /** Receives the means to abort the request. Cheaper than a signal per request. */
  readonly onStart?: (controller: AgentRequestController) => void;
}

/** Aborts a request that was sent. */
export type AgentRequestController = Pick<Dispatcher.DispatchController, 'abort'>;

/** The agent's response. Its body is read as a stream. */
export class AgentResponse extends Readable {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly #controller: Dispatcher.DispatchController;

  constructor(
    status: number,
    headers: IncomingHttpHeaders,
    controller: Dispatcher.DispatchController,
  ) {
    super();
    this.status = status;
    this.headers = headers;
    this.#controller = controller;
    // An error after the caller has disconnected has no other listener.
    this.on('error', () => {});
  }

  override _read(): void {
    this.#controller.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.readableEnded) {
      this.#controller.abort(error ?? new Error('the response is no longer read'));
    }
    callback(error);
  }
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
const CLOSED: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The agent closed the connection without a response. */
class ClosedConnection extends Error {
  constructor(cause: Error) {
    super('the agent closed the connection without a response', { cause });
  }
}

/** Sends a request to the agent. Resolves with the response as soon as its headers arrive. */
export function sendRequest(
  connection: AgentConnection,
  request: AgentRequest,
): Promise<AgentResponse> {
  const answer = dispatch(connection, request);
  if (request.method !== 'GET') return answer;
  // The agent may have just closed a pooled connection. Only an idempotent request is retried.
  return answer.catch((error: unknown) => {
    if (error instanceof ClosedConnection) return dispatch(connection, request);
    throw error;
  });
}

function dispatch({ pool }: AgentConnection, request: AgentRequest): Promise<AgentResponse> {
  const { method, path, headers, body, signal, onStart } = request;
  return new Promise((resolve, reject) => {
    let response: AgentResponse | undefined;
    pool.dispatch(
      { method, path, headers: headers ?? null, body: body ?? null },
      {
        onRequestStart(controller) {
          onStart?.(controller);
          if (signal) abortOnSignal(controller, signal);
        },
        onResponseStart(controller, status, responseHeaders) {
          // Skips informational responses.
          if (status < 200) return;
          response = new AgentResponse(status, responseHeaders, controller);
          resolve(response);
        },
        onResponseData(controller, chunk) {
          if (!response!.push(chunk)) controller.pause();
        },
        onResponseEnd: () => void response!.push(null),
        onResponseError(_, error) {
          if (response) response.destroy(error);
          else reject(describeFailure(error, request));
        },
      },
    );
  });
}

function abortOnSignal(controller: AgentRequestController, signal: AbortSignal): void {
  const abort = () => controller.abort(signal.reason as Error);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
}

function describeFailure(error: NodeJS.ErrnoException, request: AgentRequest): Error {
  if (error.message === 'bad upgrade') return new UnexpectedUpgrade(request);
  return CLOSED.has(error.code) ? new ClosedConnection(error) : error;
}

/** Sends the agent's health check. */
export async function sendPing(
  connection: AgentConnection,
  { name, request, read }: HealthCheck,
): Promise<PingAnswer | PingProblem> {
  const signal = AbortSignal.timeout(connection.pingTimeout);
  try {
    const answer = await sendRequest(connection, { ...request, signal });
    return read(answer.status, await readTextPrefix(answer, 4096));
  } catch (error) {
    if (error instanceof UnexpectedUpgrade) return read(101, '');
    const problem = signal.aborted
      ? `${name} did not respond within ${connection.pingTimeout / 1000} s`
      : `${name} failed: ${(error as Error).message}`;
    return { problem, answered: false };
  }
}

/** Reads the start of a response as text. A longer response is truncated and its connection closed. */
export async function readTextPrefix(answer: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}
