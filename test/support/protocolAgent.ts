import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { useAgent } from './agents.ts';
import { sharedServer } from './sharedServer.ts';

/** Creates an agent of a protocol. Its code can import the official TypeScript SDKs. */
export async function useProtocolAgent(
  protocol: ProjectAgentSource['protocol'],
  main: string,
): Promise<ProjectAgentSource> {
  const agent = await useAgent(main, { protocol });
  const { folder } = await sharedServer('packages');
  await symlink(folder, join(agent.root, 'node_modules'), 'junction');
  return agent;
}
