import type { AgentSummary } from '../../../../src/shared/emulator.ts';
import { a2a } from './a2a.ts';
import { agui } from './agui.ts';
import { http } from './http.ts';
import { mcp } from './mcp.ts';
import type { Protocol } from './protocol.ts';

/** All protocols of AgentCore, by their names in agentcore.json and the control plane. */
export const protocols: Readonly<Record<AgentSummary['protocol'], Protocol>> = {
  HTTP: http,
  MCP: mcp,
  A2A: a2a,
  AGUI: agui,
};
