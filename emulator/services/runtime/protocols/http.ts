import { randomUUID } from 'node:crypto';
import { awsErrorFormat } from '../../../wire/response.ts';
import type { HealthCheck } from '../agentConnection.ts';
import { readPing } from '../ping.ts';
import type { SessionResolver, Protocol } from './protocol.ts';

/** `GET /ping`, which says besides whether the agent is busy. */
export const agentCorePing: HealthCheck = {
  name: '/ping',
  request: { method: 'GET', path: '/ping' },
  read: readPing,
  repeats: true,
};

/** By the runtime's own session id; who names none gets a session of its own. */
export function bySessionId(): SessionResolver {
  return {
    resolve: ({ runtimeSessionId }) => ({
      sessionId: runtimeSessionId ?? randomUUID(),
      headers: {},
      mcpSessionId: (issued) => issued,
    }),
  };
}

/** AgentCore's own protocol: whatever is sent is passed on. */
export const http: Protocol = {
  port: 8080,
  path: '/invocations',
  health: agentCorePing,
  headers: [],
  extraRequests: [],
  createSessionResolver: bySessionId,
  refuse: awsErrorFormat,
};
