import { randomUUID } from 'node:crypto';
import { awsErrorFormat } from '../../../wire/response.ts';
import type { HealthCheck } from '../agentConnection.ts';
import { readPing } from '../ping.ts';
import type { SessionResolver, Protocol } from './protocol.ts';

/** `GET /ping`, which also reports whether the agent is busy. */
export const agentCorePing: HealthCheck = {
  name: '/ping',
  request: { method: 'GET', path: '/ping' },
  read: readPing,
  repeats: true,
};

/** Resolves by the runtime's session ID. A request without one gets a new session. */
export function bySessionId(): SessionResolver {
  return {
    resolve: ({ runtimeSessionId }) => ({
      sessionId: runtimeSessionId ?? randomUUID(),
      headers: {},
      mcpSessionId: (issued) => issued,
    }),
  };
}

/** AgentCore's own protocol, which passes requests on unchanged. */
export const http: Protocol = {
  port: 8080,
  path: '/invocations',
  health: () => agentCorePing,
  headers: [],
  extraRequests: [],
  createSessionResolver: bySessionId,
  formatError: awsErrorFormat,
};
