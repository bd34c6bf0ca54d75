import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { protocols } from './protocols/protocols.ts';
import type { AgentRuntime } from './agents.ts';
import type { Session } from './session.ts';

/** By what a caller names a session. */
export const SESSION_HEADER = 'x-amzn-bedrock-agentcore-runtime-session-id';

const REQUEST_HEADER = 'x-amzn-bedrock-agentcore-runtime-request-id';

/** The workload access token by its first name, and by the newer one, which SDKs prefer. */
const TOKEN_HEADER = 'workloadaccesstoken';
const NEWER_TOKEN_HEADER = 'x-amz-bedrock-agentcore-identity-wat';

/** Headers that reach every agent as they came. */
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

/** Says which header is longer than one on the allowlist may be; null where none is. */
export function findLongHeader(
  headers: IncomingHttpHeaders,
  { source }: AgentRuntime,
  limit: number,
): string | null {
  const isLong = (name: string) =>
    Buffer.byteLength(String(headers[name.toLowerCase()] ?? '')) > limit;
  return source.headerAllowlist.find(isLong) ?? null;
}

/** What of a request's headers an agent gets, and what AWS adds. */
export function headersToAgent(
  headers: IncomingHttpHeaders,
  { agent, id, workloadAccessToken }: Session,
  requestId: string,
): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = {};
  for (const name of [...FORWARDED, ...protocols[agent.source.protocol].headers]) {
    if (headers[name] !== undefined) kept[name] = headers[name];
  }
  for (const name of agent.source.headerAllowlist.map((allowed) => allowed.toLowerCase())) {
    // A signature is good for the request it was made for and tells the agent nothing.
    if (name === 'authorization' && !agent.source.authorizer) continue;
    if (headers[name] !== undefined) kept[name] = headers[name];
  }
  return {
    ...kept,
    // Our own come last: no caller can put theirs in the place of these.
    [SESSION_HEADER]: id,
    [REQUEST_HEADER]: requestId,
    [TOKEN_HEADER]: workloadAccessToken,
    [NEWER_TOKEN_HEADER]: workloadAccessToken,
  };
}
