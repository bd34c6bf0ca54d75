import type { AgentProtocol } from '../../../shared/emulator.ts';
import type { Transport } from '../../../shared/payloadTemplate.ts';
import type { TargetOperations } from '../../agents/invocation.ts';
import { a2a } from './a2a.ts';
import { agui } from './agui.ts';
import { http } from './http.ts';
import { mcp } from './mcp.ts';
import type { CreateProtocolClient, ProtocolClient } from '../../agents/protocolClient.ts';
import { webSocket } from './webSocket.ts';

const protocols: Readonly<Record<AgentProtocol, CreateProtocolClient>> = {
  HTTP: http,
  MCP: mcp,
  A2A: a2a,
  AGUI: agui,
};

/** Whom one speaks for, and by what. */
export interface CallOptions {
  readonly actorId: string | null;
  readonly transport: Transport;
}

/** Talks to a target whose agent is of this protocol, for one actor and by one transport at a time. */
export function createProtocolClients(
  protocol: AgentProtocol,
  calls: TargetOperations,
): (manner: CallOptions) => ProtocolClient {
  // What was agreed with an agent for one actor is no other's.
  let current: (CallOptions & { readonly speaker: ProtocolClient }) | null = null;
  return ({ actorId, transport }) => {
    if (current?.actorId !== actorId || current.transport !== transport) {
      current?.speaker.close?.();
      const userId = actorId ?? undefined;
      const create =
        transport === 'webSocket' && protocol === 'HTTP' ? webSocket : protocols[protocol];
      const speaker = create({
        ...calls,
        invoke: (invocation, signal) => calls.invoke({ ...invocation, userId }, signal),
        openSocket: (place, signal) => calls.openSocket({ ...place, userId }, signal),
      });
      current = { actorId, transport, speaker };
    }
    return current.speaker;
  };
}
