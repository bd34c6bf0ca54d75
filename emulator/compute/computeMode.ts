import { OptionError } from '../optionError.ts';
import type { AgentSource } from '../agentSource.ts';
import type { MachineIdentity } from './compute.ts';

/** Runs each agent as its project says, or all agents in one kind of compute. */
export type ComputeMode = 'auto' | MachineIdentity['kind'];

/** Chooses the compute of an agent's sessions. An agent that cannot run in the forced kind uses its own. */
export function chooseCompute(
  mode: ComputeMode = 'auto',
  agent: AgentSource,
): MachineIdentity['kind'] {
  if (mode !== 'auto' && obstacle(mode, agent) === null) return mode;
  const isContainer =
    agent.kind === 'project' ? agent.build === 'Container' : agent.kind === 'image';
  return isContainer ? 'container' : 'process';
}

/** Throws an OptionError if an agent cannot run in the forced kind of compute. */
export function requireCompute(mode: ComputeMode = 'auto', agent: AgentSource): void {
  const reason = mode === 'auto' ? null : obstacle(mode, agent);
  if (reason !== null)
    throw new OptionError('compute', `${agent.name} ${reason}, or use --compute auto`);
}

function obstacle(forced: MachineIdentity['kind'], agent: AgentSource): string | null {
  if (forced === 'process' && agent.kind === 'image') {
    return 'is an image and cannot run as a process; deploy code';
  }
  if (forced === 'container' && agent.kind === 'codeBundle') {
    return 'is code and cannot run in a container; deploy an image';
  }
  if (agent.kind !== 'project') return null;
  if (forced === 'process' && agent.entrypoint === null) {
    return 'has only a Dockerfile and cannot run as a process; add an entrypoint to agentcore.json';
  }
  if (forced === 'container' && !agent.image) {
    return `has no Dockerfile and cannot run in a container; add one to ${agent.code}`;
  }
  return null;
}
