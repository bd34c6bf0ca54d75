import { randomUUID } from 'node:crypto';
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { respondToUpgrade } from '../../http/port.ts';
import type { Route, RoutedRequest } from '../../http/route.ts';
import { BEARER_PROTOCOL, bearerAsHeader, subprotocols } from '../../wire/credential.ts';
import type { Clock } from '../../clock.ts';
import {
  agentFailed,
  constraintViolation,
  failed,
  WireError,
  type Fault,
} from '../../wire/errors.ts';
import { operationNamed } from '../../wire/operations.ts';
import { readInput } from '../../wire/request.ts';
import { writeError } from '../../wire/response.ts';
import { decodeLabel } from '../../wire/operationRouter.ts';
import { headersToAgent, SESSION_HEADER } from './agentHeaders.ts';
import type { Access } from './authorizers/access.ts';
import { readTextPrefix } from './agentConnection.ts';
import { startRequestDeadline } from './requestDeadline.ts';
import { explainMissingResponse } from './missingResponse.ts';
import type { Quotas } from './quotas.ts';
import type { Session } from './session.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';
import type { Shells } from './shells/shells.ts';
import { bridgeSockets, type SocketBridge } from './socketBridge.ts';

/** To the agent itself, or to a shell beside it. */
const PATH = /^\/runtimes\/([^/?]+)\/ws(\/shells)?(?:\?(.*))?$/;

/** By this code web sockets are closed that have lasted long enough. */
const GOING_AWAY = 1001;

/** The headers of the protocol itself, which agent and caller settle between them. */
const HANDSHAKE = [
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
];

// What it says about runtime and session is said, and refused, as in an invocation.
const invocation = operationNamed('InvokeAgentRuntime');

/**
 * Web sockets between callers and agents or shells, which are not operations of the SDKs. Frames of
 * both directions are the session's activity.
 */
export function createWebSocketRoute({
  access,
  sessions,
  shells,
  clock,
  limits,
}: {
  access: Access;
  sessions: RuntimeSessions;
  shells: Shells;
  clock: Clock;
  limits: Quotas;
}): Route {
  async function enter(
    { method = '', headers, url: target = '' }: IncomingMessage,
    { path, caller }: RoutedRequest,
    requestId: string,
  ): Promise<{ readonly session: Session; readonly shellId: string | null }> {
    refuseHandshake(method, headers);
    const [, name = '', toShell, search = ''] = PATH.exec(path)!;
    const query = new URLSearchParams(search);
    // A browser cannot send headers with a web socket, so AWS takes the session from the query, too.
    const inQuery = [...query].find(([key]) => key.toLowerCase() === SESSION_HEADER)?.[1];
    if (inQuery !== undefined) refuseInvalidHeaderValue(inQuery);
    const body = Buffer.alloc(0);
    const input = readInput(invocation, {
      labels: { agentRuntimeArn: decodeLabel(name) },
      query,
      headers: inQuery === undefined ? headers : { [SESSION_HEADER]: inQuery, ...headers },
      body,
    });
    const endpoint = await access.admit(
      input,
      { method, target, headers, body, caller },
      toShell === undefined
        ? 'InvokeAgentRuntimeWithWebSocketStream'
        : 'InvokeAgentRuntimeCommandShell',
    );
    // A name that is none must not start a session.
    const shellId = toShell === undefined ? null : shells.readId(query);
    const sessionId = input.runtimeSessionId ?? randomUUID();
    return { session: await sessions.acquire(endpoint, sessionId, requestId), shellId };
  }

  return {
    matches: ({ path }) => PATH.test(path),
    async upgrade(request, socket, head, routed) {
      const requestId = randomUUID();
      socket.on('error', () => socket.destroy());
      let entered: Awaited<ReturnType<typeof enter>>;
      try {
        entered = await enter(request, routed, requestId);
      } catch (error) {
        return writeRefusal(request, socket, error, requestId);
      }
      const { session, shellId } = entered;
      let line: SocketBridge | undefined;
      const cut = Promise.withResolvers<never>();
      const flight = startRequestDeadline({
        clock,
        since: clock.now(),
        session,
        requestId,
        stop(reason) {
          if (line) line.close({ code: GOING_AWAY, reason });
          else cut.reject(agentFailed(`There is no web socket: ${reason}`));
        },
      });
      flight.setLimit(limits.request, 'a request');
      const join = (joined: SocketBridge) => {
        line = joined;
        flight.setLimit(limits.stream, 'a web socket');
      };
      let outcome = 'the caller went away';
      try {
        if (!socket.destroyed) {
          const joined =
            shellId === null
              ? connectToAgent(session, request, socket, requestId, (agent) => {
                  const rules = { ...limits, now: clock.realNow };
                  join(
                    bridgeSockets({ socket, received: head }, agent, rules, ({ reason }) => {
                      void flight.cancel(reason);
                    }),
                  );
                })
              : shells.connect(session, shellId, request, socket, head, join);
          outcome = await Promise.race([cut.promise, joined]);
        }
      } catch (error) {
        outcome = `no web socket: ${(error as Error).message}`;
        writeRefusal(request, socket, await explainMissingResponse(session, error), requestId);
      } finally {
        flight.finish(outcome);
      }
    },
  };
}

/** Refuses what cannot become a web socket, before anything is started for it. */
function refuseHandshake(method: string, headers: IncomingHttpHeaders): void {
  const faults = [
    { name: 'method', value: method, demand: /^GET$/ },
    { name: 'Sec-WebSocket-Version', value: headers['sec-websocket-version'], demand: /^13$/ },
    {
      name: 'Sec-WebSocket-Key',
      value: headers['sec-websocket-key'],
      demand: /^[+/0-9A-Za-z]{22}==$/,
    },
  ].filter(({ value = '', demand }) => !demand.test(value));
  if (faults.length === 0) return;
  throw constraintViolation(
    faults.map(({ name, value, demand }) => describeFault(name, value, demand)),
  );
}

// A query can say what a header cannot, such as the end of a line, and answers repeat it in theirs.
function refuseInvalidHeaderValue(sessionId: string): void {
  const demand = /^[!-~]*$/;
  if (demand.test(sessionId)) return;
  throw constraintViolation([
    describeFault('X-Amzn-Bedrock-AgentCore-Runtime-Session-Id', sessionId, demand),
  ]);
}

function describeFault(path: string, value: string | undefined, { source }: RegExp): Fault {
  const said = value === undefined ? 'null' : `'${value}'`;
  return {
    path,
    message: `Value ${said} at '${path}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${source}`,
  };
}

/** Resolves when the line is cut, with the words for it; rejects if there never was one. */
function connectToAgent(
  session: Session,
  request: IncomingMessage,
  near: Duplex,
  requestId: string,
  onJoin: (agent: { readonly socket: Duplex; readonly received: Buffer }) => void,
): Promise<string> {
  const sent = bearerAsHeader(request.headers);
  const headers: OutgoingHttpHeaders = headersToAgent(sent, session, requestId);
  for (const name of HANDSHAKE) if (sent[name] !== undefined) headers[name] = sent[name];
  return new Promise((resolve, reject) => {
    const { port } = session.connection();
    const asked = httpRequest({ host: '127.0.0.1', port, path: '/ws', headers, agent: false });
    near.once('close', () => asked.destroy());
    asked.once('error', reject);
    asked.once('response', (answer) => void explainRefusal(answer).then(reject, reject));
    asked.once('upgrade', (answer, far, farHead) => {
      // It took too long: the caller has been told so.
      if (!near.writable) {
        far.destroy();
        return;
      }
      const spoken = chosenProtocol(request, answer);
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${rawHeaders(answer)}${spoken}\r\n`);
      far.on('error', () => near.destroy());
      far.once('close', () => {
        near.destroy();
        resolve('the agent closed its web socket');
      });
      near.once('close', () => {
        far.destroy();
        resolve('the caller closed its web socket');
      });
      onJoin({ socket: far, received: farHead });
    });
    asked.end();
  });
}

async function explainRefusal(answer: IncomingMessage): Promise<WireError> {
  const body = await readTextPrefix(answer, 4_096);
  const mend = answer.statusCode === 404 ? ' It has no /ws.' : '';
  return agentFailed(
    `Received error (${answer.statusCode}) from runtime.${mend} ${body}`.trimEnd(),
  );
}

// Who offered it as the form of its token waits for an answer to it; the agent knows nothing of that.
function chosenProtocol(request: IncomingMessage, answer: IncomingMessage): string {
  const isChosen = answer.headers['sec-websocket-protocol'] !== undefined;
  if (isChosen || !subprotocols(request.headers).includes(BEARER_PROTOCOL)) return '';
  return `Sec-WebSocket-Protocol: ${BEARER_PROTOCOL}\r\n`;
}

function rawHeaders({ rawHeaders: pairs }: IncomingMessage): string {
  let text = '';
  for (let index = 0; index < pairs.length; index += 2)
    text += `${pairs[index]}: ${pairs[index + 1]}\r\n`;
  return text;
}

function writeRefusal(
  request: IncomingMessage,
  socket: Duplex,
  error: unknown,
  requestId: string,
): void {
  if (socket.destroyed) return;
  const why = error instanceof WireError ? error : failed(error as Error);
  writeError(why, respondToUpgrade(request, socket), requestId);
}
