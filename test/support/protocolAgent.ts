import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { useAgent } from './agents.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** An agent of a protocol, whose code finds the official SDKs for TypeScript. */
export async function useProtocolAgent(
  protocol: ProjectAgentSource['protocol'],
  main: string,
): Promise<ProjectAgentSource> {
  const agent = await useAgent(main, { protocol });
  await symlink(packages, join(agent.root, 'node_modules'), 'junction');
  return agent;
}
