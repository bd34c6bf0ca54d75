import { join } from 'node:path';
import type { ProjectAgentSource } from '../../../agentSource.ts';
import type { Logger } from '../../../log.ts';
import { createScriptFile, type ScriptFile } from './script/scriptFile.ts';

/** The path of a script in its project. */
const SCRIPT_PATH = 'agentcore/model-script.yaml';

/** Returns the script of an agent's project. Clients other than agents get the first project's. */
export function createScriptFiles(
  agents: readonly ProjectAgentSource[],
  logger: Logger,
): (agent: string | null) => ScriptFile | null {
  const files = new Map<string, ScriptFile>();
  for (const { root } of agents) {
    if (files.has(root)) continue;
    files.set(root, createScriptFile(join(root, SCRIPT_PATH), SCRIPT_PATH, logger));
  }
  return (agent) => {
    const source = agents.find(({ name }) => name === agent) ?? agents[0];
    return (source && files.get(source.root)) ?? null;
  };
}
