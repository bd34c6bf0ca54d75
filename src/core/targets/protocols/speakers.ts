import type { AgentProtocol } from '../../../shared/emulator.ts';
import type { Transport } from '../../../shared/payloadTemplate.ts';
import type { TargetCalls } from '../calls.ts';
import { a2a } from './a2a.ts';
import { agui } from './agui.ts';
import { http } from './http.ts';
import { mcp } from './mcp.ts';
import type { CreateSpeaker, Speaker } from './protocol.ts';
import { webSocket } from './webSocket.ts';

const protocols: Readonly<Record<AgentProtocol, CreateSpeaker>> = {
  HTTP: http,
  MCP: mcp,
  A2A: a2a,
  AGUI: agui,
};

/** Whom one speaks for, and by what. */
export interface Manner {
  readonly actorId: string | null;
  readonly transport: Transport;
}

/** Talks to a target whose agent is of this protocol, for one actor and by one transport at a time. */
export function createSpeakers(
  protocol: AgentProtocol,
  calls: TargetCalls,
): (manner: Manner) => Speaker {
  // What was agreed with an agent for one actor is no other's.
  let current: (Manner & { readonly speaker: Speaker }) | null = null;
  return ({ actorId, transport }) => {
    if (current?.actorId !== actorId || current.transport !== transport) {
      current?.speaker.hangUp?.();
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
