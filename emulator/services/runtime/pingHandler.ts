import type { Route } from '../../http/route.ts';
import { agentFailed, notFound, WireError } from '../../wire/errors.ts';
import { SESSION_HEADER } from './agentHeaders.ts';
import { readTextPrefix, sendRequest } from './agentConnection.ts';
import { acceptsRequests } from './lifecycle.ts';
import type { Session } from './session.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';

const MAX_RESPONSE_CHARACTERS = 64 * 1024;

/**
 * `GET /ping` for the operator; in AWS it exists only inside the agent's machine. It returns the ping
 * of the session in the header, or of the newest session. It starts no session and does not count as
 * activity.
 */
export function createPingRoute(
  sessions: Pick<RuntimeSessions, 'list' | 'find'>,
  defaultRuntime: () => string | undefined,
): Route {
  function find(runtimeId: string, id: string | undefined): Session {
    const isLive = ({ agent, life }: Session) => agent.id === runtimeId && acceptsRequests(life());
    const session =
      id === undefined ? sessions.list().findLast(isLive) : sessions.find(runtimeId, id);
    if (session && isLive(session)) return session;
    const missing = id === undefined ? 'No running session' : `No running session '${id}'`;
    throw notFound(`${missing} of ${runtimeId}. Start one with POST /invocations.`);
  }

  async function ping(session: Session) {
    const connection = session.connection();
    try {
      const answer = await sendRequest(connection, {
        method: 'GET',
        path: '/ping',
        signal: AbortSignal.timeout(connection.pingTimeout),
      });
      return { answer, body: await readTextPrefix(answer, MAX_RESPONSE_CHARACTERS) };
    } catch (error) {
      throw error instanceof WireError
        ? error
        : agentFailed(`/ping failed: ${(error as Error).message}.`);
    }
  }

  return {
    operatorOnly: true,
    matches: ({ method, path }) => method === 'GET' && /^\/ping(?:\?|$)/.test(path),
    async handle({ headers }, response) {
      const runtimeId = defaultRuntime();
      if (runtimeId === undefined) {
        throw notFound('This emulator has no agent yet. Deploy one first.');
      }
      const { answer, body } = await ping(find(runtimeId, headers[SESSION_HEADER]?.toString()));
      const type = answer.headers['content-type'];
      response.writeHead(answer.status, { ...(type && { 'content-type': type }) });
      response.end(body);
    },
  };
}
