import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAgent, useFolder } from './agents.ts';

/** The `agentcore.json` of a project with one agent, which is `app/main.js`. */
export const project = {
  name: 'Demo',
  runtimes: [{ name: 'Helper', entrypoint: 'main.js', codeLocation: 'app/' }],
};

/** A project in the official CLI's layout; it is gone when the test ends. */
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
