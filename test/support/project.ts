import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { serverAgent, useFolder } from './agents.ts';
import { sample } from './command.ts';

const packages = join('app', 'Assistant', 'node_modules');

/** The packages of the sample project, among them the SDK for TypeScript. */
export const samplePackages = join(sample, packages);

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

/** What stands in a template's folder once it was worked in, and is no part of it. */
const MADE = new Set(['node_modules', '.agentcore', '.venv', '__pycache__', 'dist', 'build']);

/** A fresh copy of a template, as whoever begins a project takes it. */
export async function useTemplate(name: string): Promise<string> {
  const root = join(await useFolder(), name);
  await cp(join(dirname(sample), name), root, {
    recursive: true,
    filter: (path) => !MADE.has(basename(path)),
  });
  return root;
}

/** A copy of the sample project, with its packages linked. */
export async function useSampleProject(): Promise<string> {
  const root = await useTemplate(basename(sample));
  await symlink(samplePackages, join(root, packages), 'junction');
  return root;
}
