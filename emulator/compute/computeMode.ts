import { OptionError } from '../optionError.ts';
import type { AgentSource } from '../services/runtime/agents.ts';
import type { MachineIdentity } from './compute.ts';

/** Runs each agent as its project says, or all agents in one kind of compute. */
export type ComputeMode = 'auto' | MachineIdentity['kind'];

/** Chooses the compute of an agent's sessions. An agent that cannot run in the forced kind uses its own. */
export function chooseCompute(
  mode: ComputeMode = 'auto',
  agent: AgentSource,
): MachineIdentity['kind'] {
  if (mode !== 'auto' && obstacle(mode, agent) === null) return mode;
  return agent.build === 'Container' ? 'container' : 'process';
}

/** Throws an OptionError if an agent cannot run in the forced kind of compute. */
export function requireCompute(mode: ComputeMode = 'auto', agent: AgentSource): void {
  const why = mode === 'auto' ? null : obstacle(mode, agent);
  if (why !== null) throw new OptionError(`compute: ${agent.name} ${why}, or use --compute auto`);
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
