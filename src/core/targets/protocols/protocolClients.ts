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

/**
 * Creates the clients of an agent, one at a time. A session that was negotiated for one actor must not
 * serve another, so a client for other options replaces the current one.
 */
export function createProtocolClients(
  protocol: AgentProtocol,
  operations: TargetOperations,
): (options: CallOptions) => ProtocolClient {
  let current: (CallOptions & { readonly client: ProtocolClient }) | null = null;
  return ({ actorId, transport }) => {
    if (current?.actorId !== actorId || current.transport !== transport) {
      current?.client.close?.();
      const userId = actorId ?? undefined;
      const create =
        transport === 'webSocket' && protocol === 'HTTP' ? webSocket : protocols[protocol];
      const client = create({
        ...operations,
        invoke: (invocation, signal) => operations.invoke({ ...invocation, userId }, signal),
        openSocket: (options, signal) => operations.openSocket({ ...options, userId }, signal),
      });
      current = { actorId, transport, client };
    }
    return current.client;
  };
}
