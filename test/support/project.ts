import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAgent, useFolder } from './agents.ts';

/** A project in the official CLI's layout. */
export async function useProject(file: object | string, main = serverAgent('')): Promise<string> {
  const root = await useFolder();
  await mkdir(join(root, 'agentcore'));
  await mkdir(join(root, 'app'));
  await writeFile(join(root, 'app', 'main.js'), main);
  await writeFile(
    join(root, 'agentcore', 'agentcore.json'),
    typeof file === 'string' ? file : JSON.stringify(file),
  );
  return root;
}
