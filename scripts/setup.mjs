// Set-up that the npm scripts share: installs packages when they are missing or out of date, and builds the
// bundle. Runs on any Node.js that npm supports. Everything after it runs on the Node.js of the lock file, if
// that exists for this platform.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const sample = join(root, 'agent-templates', 'typescript-basic');

const windows = process.platform === 'win32';

/** Returns the Node.js that runs everything after set-up. The workspace scripts/node locks its version. */
export function lockedNode() {
  const node = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');
  return existsSync(node) ? node : process.execPath;
}

/** Returns an environment in which `node` is the locked Node.js.
 * @returns {NodeJS.ProcessEnv} */
export function lockedEnvironment() {
  const separator = windows ? ';' : ':';
  const bin = join(root, 'node_modules', '.bin');
  return { ...process.env, PATH: `${bin}${separator}${process.env['PATH'] ?? ''}` };
}

/** Returns an environment without the PATH entries that npm adds for scripts.
 * @returns {NodeJS.ProcessEnv} */
function machineEnvironment() {
  const separator = windows ? ';' : ':';
  const path = (process.env['PATH'] ?? '').split(separator);
  const npmBin = join('node_modules', '.bin');
  return { ...process.env, PATH: path.filter((entry) => !entry.endsWith(npmBin)).join(separator) };
}

/** Runs a command, and exits this process when it fails.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] */
export function run(command, args, { cwd = root, env = lockedEnvironment() } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env,
    // Progress goes to stderr. Standard output is for results.
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (status === 0) return;
  process.stderr.write(
    `\nCommand failed: ${[command, ...args].join(' ')}${error ? ` (${error.message})` : ''}\n`,
  );
  process.exit(status ?? 1);
}

/** Installs a folder's packages from its lock file, unless they are up to date.
 * @param {string} folder */
export function installPackages(folder) {
  const stamp = join(folder, 'node_modules', '.installed-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .update(process.platform + process.arch)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write(`Installing packages in ${folder} …\n`);
  // npm replaces the folder of the locked Node.js, so npm runs on the machine's Node.js.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env: machineEnvironment(),
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Installs packages, builds the bundle and installs the sample's packages. */
export function setUp() {
  installPackages(root);
  run(lockedNode(), ['scripts/build.mjs']);
  installPackages(join(sample, 'app', 'Assistant'));
}
