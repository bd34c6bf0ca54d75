import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLIENT_CLOSED } from '../../../src/shared/session.ts';
import { respondToUpgrade } from '../../http/port.ts';
import type { Route, RoutedRequest } from '../../http/route.ts';
import { bearerAsHeader } from '../../wire/credential.ts';
import type { ActivityEmitter } from '../../activity.ts';
import type { Clock } from '../../clock.ts';
import { startSpan, traceParentOf } from '../../span.ts';
import { agentFailed, failed, WireError } from '../../wire/errors.ts';
import { operationNamed } from '../../wire/operations.ts';
import { readInput } from '../../wire/request.ts';
import { writeError } from '../../wire/response.ts';
import { decodeLabel } from '../../wire/operationRouter.ts';
import { headersToAgent, SESSION_HEADER } from './agentHeaders.ts';
import type { AgentAction } from './agents.ts';
import type { Access } from './authorizers/access.ts';
import { readTextPrefix } from './agentConnection.ts';
import { startRequestDeadline } from './requestDeadline.ts';
import { explainMissingResponse } from './missingResponse.ts';
import type { Quotas } from '../../quotas.ts';
import type { Session } from './session.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';
import type { Shells } from './shells/shells.ts';
import { bridgeSockets, type SocketBridge } from './socketBridge.ts';
import {
  HANDSHAKE,
  refuseHandshake,
  refuseInvalidHeaderValue,
  switchingProtocols,
} from './webSocketHandshake.ts';

/** The path to the agent's WebSocket or to a shell. */
const PATH = /^\/runtimes\/([^/?]+)\/ws(\/shells)?(?:\?(.*))?$/;

/** The status of a WebSocket that was opened. */
const SWITCHING_PROTOCOLS = 101;

/** The close code for a WebSocket that has reached its time limit. */
const GOING_AWAY = 1001;

// The request names its runtime and session like an invocation, and is validated like one.
const invocation = operationNamed('InvokeAgentRuntime');

/**
 * Creates the route of WebSockets to agents and shells, which are not operations of the SDKs. Frames
 * in both directions count as activity of the session.
 */
export function createWebSocketRoute({
  access,
  sessions,
  shells,
  clock,
  activity,
  limits,
}: {
  access: Access;
  sessions: RuntimeSessions;
  shells: Shells;
  clock: Clock;
  activity: Pick<ActivityEmitter, 'emit'>;
  limits: Quotas;
}): Route {
  async function acquireSession(
    { method = '', headers, url: target = '' }: IncomingMessage,
    { path, caller }: RoutedRequest,
    requestId: string,
  ): Promise<{ readonly session: Session; readonly shellId: string | null }> {
    refuseHandshake(method, headers);
    const [, name = '', toShell, search = ''] = PATH.exec(path)!;
    const query = new URLSearchParams(search);
    // A browser cannot send headers with a WebSocket, so AWS also accepts the session in the query.
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
      actionOf(path),
    );
    // Validate the shell's id before a session starts.
    const shellId = toShell === undefined ? null : shells.readId(query);
    const sessionId = input.runtimeSessionId ?? randomUUID();
    const running = { requestId, traceParent: traceParentOf(headers) };
    return { session: await sessions.acquire(endpoint, sessionId, running), shellId };
  }

  /** Serves a WebSocket until it closes. Returns the status of the response. */
  async function serve(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    routed: RoutedRequest,
    requestId: string,
  ): Promise<number> {
    let acquired: Awaited<ReturnType<typeof acquireSession>>;
    try {
      acquired = await acquireSession(request, routed, requestId);
    } catch (error) {
      return writeRefusal(request, socket, error, requestId);
    }
    const { session, shellId } = acquired;
    let bridge: SocketBridge | undefined;
    const canceled = Promise.withResolvers<never>();
    const deadline = startRequestDeadline({
      clock,
      since: clock.now(),
      session,
      requestId,
      stop(reason) {
        if (bridge) bridge.close({ code: GOING_AWAY, reason });
        else canceled.reject(agentFailed(`No WebSocket connection: ${reason}.`));
      },
    });
    deadline.setLimit(limits.request, 'a request');
    const join = (joined: SocketBridge) => {
      bridge = joined;
      deadline.setLimit(limits.stream, 'a WebSocket');
    };
    let outcome = 'The caller disconnected';
    try {
      if (socket.destroyed) return CLIENT_CLOSED;
      const joined =
        shellId === null
          ? connectToAgent(session, request, socket, requestId, (agent) => {
              const rules = { ...limits, now: clock.realNow };
              join(
                bridgeSockets({ socket, received: head }, agent, rules, ({ reason }) => {
                  void deadline.cancelRequest(reason);
                }),
              );
            })
          : shells.connect(session, shellId, request, socket, head, join);
      outcome = await Promise.race([canceled.promise, joined]);
      return SWITCHING_PROTOCOLS;
    } catch (error) {
      outcome = `No WebSocket connection: ${(error as Error).message}`;
      const refusal = await explainMissingResponse(session, error);
      return writeRefusal(request, socket, refusal, requestId);
    } finally {
      deadline.finish(outcome);
    }
  }

  return {
    matches: ({ path }) => PATH.test(path),
    async upgrade(request, socket, head, routed) {
      const requestId = randomUUID();
      socket.on('error', () => socket.destroy());
      const { headers } = request;
      const endSpan = startSpan({ requestId, headers, caller: routed.caller }, clock);
      const status = await serve(request, socket, head, routed, requestId);
      activity.emit({ type: 'span', span: endSpan(actionOf(routed.path), status) });
    },
  };
}

function actionOf(path: string): AgentAction {
  const [, , toShell] = PATH.exec(path)!;
  return toShell === undefined
    ? 'InvokeAgentRuntimeWithWebSocketStream'
    : 'InvokeAgentRuntimeCommandShell';
}

/** Resolves with the outcome when the connection closes; rejects if it was never established. */
function connectToAgent(
  session: Session,
  request: IncomingMessage,
  caller: Duplex,
  requestId: string,
  onJoin: (agent: { readonly socket: Duplex; readonly received: Buffer }) => void,
): Promise<string> {
  const callerHeaders = bearerAsHeader(request.headers);
  const headers: OutgoingHttpHeaders = headersToAgent(callerHeaders, session, requestId);
  for (const name of HANDSHAKE)
    if (callerHeaders[name] !== undefined) headers[name] = callerHeaders[name];
  return new Promise((resolve, reject) => {
    const { port } = session.connection();
    const handshake = httpRequest({ host: '127.0.0.1', port, path: '/ws', headers, agent: false });
    caller.once('close', () => handshake.destroy());
    handshake.once('error', reject);
    handshake.once('response', (answer) => void explainRefusal(answer).then(reject, reject));
    handshake.once('upgrade', (answer, agentSocket, agentHead) => {
      // The caller has disconnected, or it has an error response because the request timed out.
      if (!caller.writable) {
        agentSocket.destroy();
        return reject(new Error('The caller disconnected'));
      }
      caller.write(switchingProtocols(request, answer));
      agentSocket.on('error', () => caller.destroy());
      agentSocket.once('close', () => {
        caller.destroy();
        resolve('The agent closed the WebSocket');
      });
      caller.once('close', () => {
        agentSocket.destroy();
        resolve('The caller closed the WebSocket');
      });
      onJoin({ socket: agentSocket, received: agentHead });
    });
    handshake.end();
  });
}

async function explainRefusal(answer: IncomingMessage): Promise<WireError> {
  const body = await readTextPrefix(answer, 4_096);
  const advice = answer.statusCode === 404 ? ' The agent has no /ws.' : '';
  return agentFailed(
    `Received error (${answer.statusCode}) from runtime.${advice} ${body}`.trimEnd(),
  );
}

/** Writes an error response. Returns the status that the span gets. */
function writeRefusal(
  request: IncomingMessage,
  socket: Duplex,
  error: unknown,
  requestId: string,
): number {
  if (socket.destroyed) return CLIENT_CLOSED;
  const wireError = error instanceof WireError ? error : failed(error as Error);
  writeError(wireError, respondToUpgrade(request, socket), requestId);
  return wireError.status;
}
