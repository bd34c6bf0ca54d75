import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { useAgent } from './agents.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Creates an agent of a protocol. Its code can import the official TypeScript SDKs. */
export async function useProtocolAgent(
  protocol: ProjectAgentSource['protocol'],
  main: string,
): Promise<ProjectAgentSource> {
  const agent = await useAgent(main, { protocol });
  await symlink(packages, join(agent.root, 'node_modules'), 'junction');
  return agent;
}
