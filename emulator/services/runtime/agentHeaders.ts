import type { IncomingHttpHeaders } from 'node:http';
import { protocols } from './protocols/protocols.ts';
import type { AgentRuntime } from './agents.ts';
import type { AgentSource } from '../../agentSource.ts';
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
  for (const name of forwardedNames(agent)) {
    if (headers[name] !== undefined) forwarded[name] = headers[name];
  }
  // The emulator's headers come last, so that a caller cannot override them.
  forwarded[SESSION_HEADER] = id;
  forwarded[REQUEST_HEADER] = requestId;
  forwarded[TOKEN_HEADER] = workloadAccessToken;
  forwarded[NEWER_TOKEN_HEADER] = workloadAccessToken;
  return forwarded;
}

const namesByAgent = new WeakMap<AgentRuntime, readonly string[]>();

/** Returns the names of the headers that reach an agent. They are computed once per version. */
function forwardedNames(agent: AgentRuntime): readonly string[] {
  let names = namesByAgent.get(agent);
  if (!names) namesByAgent.set(agent, (names = listForwarded(agent.source)));
  return names;
}

function listForwarded({ protocol, headerAllowlist, authorizer }: AgentSource): string[] {
  const allowed = headerAllowlist.map((name) => name.toLowerCase());
  return [
    ...FORWARDED,
    ...protocols[protocol].headers,
    // A SigV4 signature is valid only for the caller's own request and is useless to the agent.
    ...(authorizer ? allowed : allowed.filter((name) => name !== 'authorization')),
  ];
}
