import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAgent, useFolder } from './agents.ts';
import { sample } from './command.ts';

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

/** A copy of the sample project, with its packages linked. */
export async function useSampleProject(): Promise<string> {
  const root = join(await useFolder(), 'sample');
  const packages = join('app', 'Assistant', 'node_modules');
  await cp(sample, root, {
    recursive: true,
    filter: (path) => !/[/\\](?:node_modules|\.agentcore)$/.test(path),
  });
  await symlink(join(sample, packages), join(root, packages), 'junction');
  return root;
}
