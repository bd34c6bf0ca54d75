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

/** Talks to a target whose agent is of this protocol. */
export function createSpeaker(protocol: AgentProtocol, calls: TargetCalls): Speaker {
  return protocols[protocol](calls);
}
