import { OptionError } from '../optionError.ts';
import type { AgentSource } from '../services/runtime/agents.ts';
import type { MachineIdentity } from './compute.ts';

/** How agents are to be run: each as its project says, or all of them in one way. */
export type ComputeMode = 'auto' | MachineIdentity['kind'];

/** What an agent's sessions run in; one that cannot be run as is forced runs as it can. */
export function chooseCompute(
  mode: ComputeMode = 'auto',
  agent: AgentSource,
): MachineIdentity['kind'] {
  if (mode !== 'auto' && obstacle(mode, agent) === null) return mode;
  return agent.build === 'Container' ? 'container' : 'process';
}

/** Who forces what an agent cannot do learns why it cannot. */
export function refuseCompute(mode: ComputeMode = 'auto', agent: AgentSource): void {
  const why = mode === 'auto' ? null : obstacle(mode, agent);
  if (why !== null)
    throw new OptionError(`compute: ${agent.name} ${why}, or let --compute be auto`);
}

function obstacle(forced: MachineIdentity['kind'], agent: AgentSource): string | null {
  if (forced === 'process' && agent.entrypoint === null) {
    return agent.deployed
      ? 'is an image and cannot run as a process; deploy code'
      : 'has only a Dockerfile and cannot run as a process; give it an entrypoint in agentcore.json';
  }
  if (forced === 'container' && !agent.image) {
    return agent.deployed
      ? 'is code and cannot run in a container; deploy an image'
      : `has no Dockerfile and cannot run in a container; put one into ${agent.code}`;
  }
  return null;
}
