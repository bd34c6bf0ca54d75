import type { AgentProtocol } from '../../../shared/emulator.ts';
import type { TargetCalls } from '../calls.ts';
import { a2a } from './a2a.ts';
import { agui } from './agui.ts';
import { http } from './http.ts';
import { mcp } from './mcp.ts';
import type { CreateSpeaker, Speaker } from './protocol.ts';

const protocols: Readonly<Record<AgentProtocol, CreateSpeaker>> = {
  HTTP: http,
  MCP: mcp,
  A2A: a2a,
  AGUI: agui,
};

/** Talks to a target whose agent is of this protocol, for one actor at a time. */
export function createSpeakers(
  protocol: AgentProtocol,
  calls: TargetCalls,
): (actorId: string | null) => Speaker {
  // What was agreed with an agent for one actor is no other's.
  let current: { readonly actorId: string | null; readonly speaker: Speaker } | null = null;
  return (actorId) => {
    if (current?.actorId !== actorId) {
      const speaker = protocols[protocol]({
        ...calls,
        invoke: (invocation, signal) =>
          calls.invoke({ ...invocation, userId: actorId ?? undefined }, signal),
      });
      current = { actorId, speaker };
    }
    return current.speaker;
  };
}
