// What both commands need first, and only when it is missing or out of date: packages, the bundle,
// the sample's packages. Runs on any Node that npm runs on; all else runs on the Node of the lock
// file, where there is one for this platform.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The checkout, wherever the command was called. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const sample = join(root, 'agent-templates', 'typescript-basic');

const windows = process.platform === 'win32';

/** The Node that runs everything after set-up. The workspace scripts/node locks its version. */
export function lockedNode() {
  const node = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');
  return existsSync(node) ? node : process.execPath;
}

/** The environment in which that Node is `node` for whatever is started.
 * @returns {NodeJS.ProcessEnv} */
export function lockedEnvironment() {
  const separator = windows ? ';' : ':';
  const bin = join(root, 'node_modules', '.bin');
  return { ...process.env, PATH: `${bin}${separator}${process.env['PATH'] ?? ''}` };
}

/** The environment without what npm put into it for its scripts.
 * @returns {NodeJS.ProcessEnv} */
function machineEnvironment() {
  const separator = windows ? ';' : ':';
  const path = (process.env['PATH'] ?? '').split(separator);
  const own = join('node_modules', '.bin');
  return { ...process.env, PATH: path.filter((entry) => !entry.endsWith(own)).join(separator) };
}

/** Runs a step and ends the whole command when it fails.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] */
export function run(command, args, { cwd = root, env = lockedEnvironment() } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env,
    // Progress is for people; standard output belongs to what was asked for.
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (status === 0) return;
  process.stderr.write(
    `\n${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}\n`,
  );
  process.exit(status ?? 1);
}

/** Installs a folder's packages by its lock file, unless they stand there as it says.
 * @param {string} folder */
export function installPackages(folder) {
  const stamp = join(folder, 'node_modules', '.installed-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .update(process.platform + process.arch)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write(`Installing the packages of ${folder} …\n`);
  // npm replaces the folder that holds the locked Node, so npm runs on the machine's own Node.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env: machineEnvironment(),
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Packages, bundle and sample: all that running the emulator on the sample needs. */
export function setUp() {
  installPackages(root);
  run(lockedNode(), ['scripts/build.mjs']);
  installPackages(join(sample, 'app', 'Assistant'));
}
