import type { AgentProtocol } from '../../../shared/emulator.ts';
import type { TargetOperations } from '../../agents/invocation.ts';
import type {
  CallOptions,
  CreateProtocolClient,
  ProtocolClient,
} from '../../agents/protocolClient.ts';
import { a2a } from './a2a.ts';
import { agui } from './agui.ts';
import { http } from './http.ts';
import { mcp } from './mcp.ts';
import { webSocket } from './webSocket.ts';

const protocols: Readonly<Record<AgentProtocol, CreateProtocolClient>> = {
  HTTP: http,
  MCP: mcp,
  A2A: a2a,
  AGUI: agui,
};

/** Creates the client of an agent's protocol, whose calls are made for one actor. */
export function createProtocolClient(
  protocol: AgentProtocol,
  operations: TargetOperations,
  { actorId, transport }: CallOptions,
): ProtocolClient {
  const userId = actorId ?? undefined;
  const create = transport === 'webSocket' && protocol === 'HTTP' ? webSocket : protocols[protocol];
  return create({
    ...operations,
    invoke: (invocation, signal) => operations.invoke({ ...invocation, userId }, signal),
    openSocket: (options, signal) => operations.openSocket({ ...options, userId }, signal),
  });
}
