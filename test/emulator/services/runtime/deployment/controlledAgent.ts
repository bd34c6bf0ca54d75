import { echoAgent, useAgent } from '../../../../support/agents.ts';
import { useControlPlane } from '../../../../support/controlPlane.ts';
import { useEmulator } from '../../../../support/emulator.ts';

/** Starts an emulator with one agent and creates a client for its control plane. */
export async function useControlledAgent() {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { runtimeId: agentRuntimeId, arn } = emulator.agent;
  return { emulator, control: useControlPlane(emulator), agentRuntimeId, arn };
}
