import { OptionError } from '../options.ts';
import type { AgentSource } from '../runtime/agents.ts';
import type { MachineIdentity } from './compute.ts';

/** How agents are to be run: each as its project says, or all of them in one way. */
export type ComputeMode = 'auto' | MachineIdentity['kind'];

/** What each agent's sessions run in; who forces what an agent cannot do learns why it cannot. */
export function chooseComputes(
  mode: ComputeMode = 'auto',
  agents: readonly AgentSource[],
): ReadonlyMap<AgentSource, MachineIdentity['kind']> {
  return new Map(agents.map((agent) => [agent, chooseCompute(mode, agent)]));
}

function chooseCompute(mode: ComputeMode, agent: AgentSource): MachineIdentity['kind'] {
  if (mode === 'auto') return agent.build === 'Container' ? 'container' : 'process';
  if (mode === 'process' && agent.entrypoint === null) {
    throw new OptionError(
      `compute: ${agent.name} has only a Dockerfile and cannot run as a process; give it an entrypoint in agentcore.json, or let --compute be auto`,
    );
  }
  if (mode === 'container' && !agent.image) {
    throw new OptionError(
      `compute: ${agent.name} has no Dockerfile and cannot run in a container; put one into ${agent.code}, or let --compute be auto`,
    );
  }
  return mode;
}
