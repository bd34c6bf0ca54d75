import type { IncomingHttpHeaders } from 'node:http';
import { protocols } from './protocols/protocols.ts';
import type { AgentRuntime } from './agents.ts';
import type { Session } from './session.ts';

/** The header that names the session. */
export const SESSION_HEADER = 'x-amzn-bedrock-agentcore-runtime-session-id';

const REQUEST_HEADER = 'x-amzn-bedrock-agentcore-runtime-request-id';

/** The original and the newer header of the workload access token. SDKs prefer the newer one. */
const TOKEN_HEADER = 'workloadaccesstoken';
const NEWER_TOKEN_HEADER = 'x-amz-bedrock-agentcore-identity-wat';

/** Headers that reach every agent unchanged. */
const FORWARDED = [
  'content-type',
  'accept',
  'mcp-session-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'x-amzn-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
];

/** Finds an allowlisted header whose value exceeds the limit; null if there is none. */
export function findLongHeader(
  headers: IncomingHttpHeaders,
  { source }: AgentRuntime,
  limit: number,
): string | null {
  const isLong = (name: string) =>
    Buffer.byteLength(String(headers[name.toLowerCase()] ?? '')) > limit;
  return source.headerAllowlist.find(isLong) ?? null;
}

/** Selects the request headers that reach the agent and adds the headers that AWS adds. */
export function headersToAgent(
  headers: IncomingHttpHeaders,
  { agent, id, workloadAccessToken }: Session,
  requestId: string,
): IncomingHttpHeaders {
  const forwarded: IncomingHttpHeaders = {};
  for (const name of [...FORWARDED, ...protocols[agent.source.protocol].headers]) {
    if (headers[name] !== undefined) forwarded[name] = headers[name];
  }
  for (const name of agent.source.headerAllowlist.map((allowed) => allowed.toLowerCase())) {
    // A SigV4 signature is valid only for the caller's own request and is useless to the agent.
    if (name === 'authorization' && !agent.source.authorizer) continue;
    if (headers[name] !== undefined) forwarded[name] = headers[name];
  }
  return {
    ...forwarded,
    // The emulator's headers come last, so that a caller cannot override them.
    [SESSION_HEADER]: id,
    [REQUEST_HEADER]: requestId,
    [TOKEN_HEADER]: workloadAccessToken,
    [NEWER_TOKEN_HEADER]: workloadAccessToken,
  };
}
