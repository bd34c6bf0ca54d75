import {
  request as httpRequest,
  type Agent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { readPing, type PingAnswer, type PingProblem } from './ping.ts';

/** The port that AgentCore expects an agent of each protocol to listen on. */
export const contractPorts = { HTTP: 8080, MCP: 8000, A2A: 9000, AGUI: 8080 } as const;

/** How long an agent may take to answer a ping. */
const PING_MILLISECONDS = 5_000;

/** Where an agent listens, and the connections that are kept to it. */
export interface Line {
  readonly port: number;
  readonly connections: Agent;
}

/** What is sent to an agent. */
export interface Message {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
}

/** Sends the agent a message and gives back its answer as soon as the head of it is there. */
export function send(line: Line, message: Message): Promise<IncomingMessage> {
  const { body, ...options } = message;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: line.port, agent: line.connections, ...options },
      resolve,
    );
    request.once('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the agent had just closed. Only what may be done twice goes again.
      if (message.method === 'GET' && request.reusedSocket && error.code === 'ECONNRESET') {
        send(line, message).then(resolve, reject);
      } else reject(error);
    });
    request.end(body);
  });
}

/** Asks the agent how it is. */
export async function ping(line: Line): Promise<PingAnswer | PingProblem> {
  const signal = AbortSignal.timeout(PING_MILLISECONDS);
  try {
    const answer = await send(line, { method: 'GET', path: '/ping', signal });
    return readPing(answer.statusCode ?? 0, await readText(answer, 4096));
  } catch (error) {
    const problem = signal.aborted
      ? `/ping gave no answer within ${PING_MILLISECONDS / 1000} s`
      : `/ping failed: ${(error as Error).message}`;
    return { problem, answered: false };
  }
}

/** Reads the beginning of an answer as text; what is longer is cut off, connection and all. */
export async function readText(answer: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}
