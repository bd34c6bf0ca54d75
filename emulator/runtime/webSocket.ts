import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerUpgrade } from '../http/port.ts';
import { agentFailed, cannotParse, invalid, WireError } from '../wire/errors.ts';
import { writeError } from '../wire/response.ts';
import { headersToAgent, SESSION_HEADER } from './agentHeaders.ts';
import type { Agents } from './agents.ts';
import { readText } from './contract.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Web sockets between callers and agents, which are no operation of the SDKs. */
export interface WebSockets {
  has(path: string): boolean;
  /** Leads the caller to its session's agent; both ends of the line are one session's activity. */
  connect(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): Promise<void>;
}

const PATH = /^\/runtimes\/([^/?]+)\/ws(?:\?(.*))?$/;

/** The headers of the protocol itself, which agent and caller settle between them. */
const HANDSHAKE = [
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
];

/** AWS's own bounds for the id of a session. */
const SHORTEST_ID = 33;
const LONGEST_ID = 256;

/** The web sockets of these agents. */
export function createWebSockets({
  agents,
  sessions,
}: {
  agents: Agents;
  sessions: Sessions;
}): WebSockets {
  async function enter(headers: IncomingMessage['headers'], path: string, requestId: string) {
    const [, name = '', search = ''] = PATH.exec(path)!;
    // A browser cannot send headers with a web socket, so each has its name in the query, too.
    const query = new Map(
      [...new URLSearchParams(search)].map(([key, value]) => [key.toLowerCase(), value]),
    );
    const agent = agents.resolve(decodeURIComponent(name), query.get('qualifier'));
    const given = headers[SESSION_HEADER]?.toString() ?? query.get(SESSION_HEADER);
    const id = given ?? randomUUID();
    if (id.length < SHORTEST_ID || id.length > LONGEST_ID) {
      throw invalid(
        `runtimeSessionId: '${id}' has ${id.length} characters; it must have ${SHORTEST_ID} to ${LONGEST_ID}`,
      );
    }
    return sessions.enter(agent, id, requestId);
  }

  return {
    has: (path) => PATH.test(path),
    async connect(request, socket, head, path) {
      const requestId = randomUUID();
      socket.on('error', () => socket.destroy());
      let session: Session;
      try {
        session = await enter(request.headers, path, requestId);
      } catch (error) {
        return refuse(request, socket, error, requestId);
      }
      let outcome = 'the caller went away';
      try {
        if (!socket.destroyed) outcome = await join(session, request, socket, head, requestId);
      } catch (error) {
        outcome = `no web socket: ${(error as Error).message}`;
        const why =
          error instanceof WireError
            ? error
            : agentFailed(
                `The agent gave no answer (${(error as Error).message}): ${await session.lastWords()}`,
              );
        refuse(request, socket, why, requestId);
      } finally {
        session.finish(requestId, outcome);
      }
    },
  };
}

/** Resolves when the line is cut, with the words for it; rejects if there never was one. */
function join(
  session: Session,
  request: IncomingMessage,
  near: Duplex,
  head: Buffer,
  requestId: string,
): Promise<string> {
  const headers: OutgoingHttpHeaders = headersToAgent(request.headers, session, requestId);
  for (const name of HANDSHAKE) {
    if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  }
  return new Promise((resolve, reject) => {
    const { port } = session.line();
    const asked = httpRequest({ host: '127.0.0.1', port, path: '/ws', headers, agent: false });
    near.once('close', () => asked.destroy());
    asked.once('error', reject);
    asked.once('response', (answer) => void describe(answer).then(reject, reject));
    asked.once('upgrade', (answer, far, farHead) => {
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${rawHeaders(answer)}\r\n`);
      if (farHead.length > 0) near.write(farHead);
      if (head.length > 0) far.write(head);
      far.on('error', () => near.destroy());
      far.once('close', () => {
        near.destroy();
        resolve('the agent closed its web socket');
      });
      near.once('close', () => {
        far.destroy();
        resolve('the caller closed its web socket');
      });
      near.pipe(far);
      far.pipe(near);
    });
    asked.end();
  });
}

async function describe(answer: IncomingMessage): Promise<WireError> {
  const body = await readText(answer, 4_096);
  const mend = answer.statusCode === 404 ? ' It has no /ws.' : '';
  return agentFailed(
    `Received error (${answer.statusCode}) from runtime.${mend} ${body}`.trimEnd(),
  );
}

function rawHeaders({ rawHeaders: pairs }: IncomingMessage): string {
  let text = '';
  for (let index = 0; index < pairs.length; index += 2)
    text += `${pairs[index]}: ${pairs[index + 1]}\r\n`;
  return text;
}

function refuse(request: IncomingMessage, socket: Duplex, error: unknown, requestId: string): void {
  if (socket.destroyed) return;
  // What is left is a path that is no UTF-8 once it is decoded.
  const why = error instanceof WireError ? error : cannotParse(String(error));
  writeError(why, answerUpgrade(request, socket), requestId);
}
