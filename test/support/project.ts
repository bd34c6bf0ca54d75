import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { serverAgent, useFolder } from './agents.ts';
import { sample } from './command.ts';

const packages = join('app', 'Assistant', 'node_modules');

/** Folder of the sample project's packages, which include the TypeScript SDK. */
export const samplePackages = join(sample, packages);

/** The `agentcore.json` of a project with one agent, `app/main.js`. */
export const project = {
  name: 'Demo',
  runtimes: [{ name: 'Helper', entrypoint: 'main.js', codeLocation: 'app/' }],
};

/** Creates a project in the official CLI's layout. It is deleted when the test ends. */
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

/** Generated files in a template's folder that are not part of the template. */
const GENERATED = new Set(['node_modules', '.agentcore', '.venv', '__pycache__', 'dist', 'build']);

/** Copies a template into a new folder. */
export async function useTemplate(name: string): Promise<string> {
  const root = join(await useFolder(), name);
  await cp(join(dirname(sample), name), root, {
    recursive: true,
    filter: (path) => !GENERATED.has(basename(path)),
  });
  return root;
}

/** Copies the sample project and links its packages. */
export async function useSampleProject(): Promise<string> {
  const root = await useTemplate(basename(sample));
  await symlink(samplePackages, join(root, packages), 'junction');
  return root;
}
