import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { agentFailed, notFound, WireError } from '../../wire/errors.ts';
import { writeError } from '../../wire/response.ts';
import { SESSION_HEADER } from './agentHeaders.ts';
import { PING_MILLISECONDS, readText, send } from './contract.ts';
import { serves } from './lifecycle.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** `GET /ping` of curl users, which AWS has at an agent's own machine only. */
export interface PingDoor {
  /** Answers as the agent of a session does: of the one that the header names, else of the newest. */
  answer(runtimeId: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const LONGEST_ANSWER = 64 * 1024;

/** Asks agents of these sessions; it starts none, and is no activity. */
export function createPingDoor(sessions: Pick<Sessions, 'all' | 'find'>): PingDoor {
  function find(runtimeId: string, id: string | undefined): Session {
    const lives = ({ agent, life }: Session) => agent.id === runtimeId && serves(life());
    const session =
      id === undefined ? sessions.all().findLast(lives) : sessions.find(runtimeId, id);
    if (session && lives(session)) return session;
    throw notFound(
      `${id === undefined ? 'No session' : `No session '${id}'`} of ${runtimeId} lives whose agent could be asked; POST /invocations starts one`,
    );
  }

  return {
    async answer(runtimeId, { headers }, response) {
      try {
        const session = find(runtimeId, headers[SESSION_HEADER]?.toString());
        const answer = await send(session.line(), {
          method: 'GET',
          path: '/ping',
          signal: AbortSignal.timeout(PING_MILLISECONDS),
        });
        const body = await readText(answer, LONGEST_ANSWER);
        const type = answer.headers['content-type'];
        response.writeHead(answer.statusCode ?? 200, { ...(type && { 'content-type': type }) });
        response.end(body);
      } catch (error) {
        const { message } = error as Error;
        const refusal =
          error instanceof WireError ? error : agentFailed(`/ping failed: ${message}`);
        writeError(refusal, response, randomUUID());
      }
    },
  };
}
