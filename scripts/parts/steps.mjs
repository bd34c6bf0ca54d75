// Runs programs for set-up: without output unless they fail, and bound to the lifetime of this process.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';
import { lockedEnvironment, root as checkout } from '../setup.mjs';

const linux = process.platform === 'linux';
const root = process.getuid?.() === 0;

/** True when programs can run in their own PID and mount namespaces: as root, outside most containers. */
export const canConfine =
  linux && root && spawnSync('unshare', ['--pid', '--mount-proc', '--fork', 'true']).status === 0;

/** Returns the path of the first program that exists. Also searches the sbin folders, which root's PATH may lack.
 * @param {string[]} names  Names or absolute paths. */
export function which(...names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return names
    .flatMap((name) => folders.map((folder) => resolve(folder, name + suffix)))
    .find((file) => existsSync(file));
}

/** A command and its arguments.
 * @typedef {[command: string, args: string[]]} Line */

/** Wraps a command so that it and its children end when this process ends for any reason. The shell is the first
 * process of a PID namespace, so the kernel ends orphans with it.
 * @param {Line} line @returns {Line} */
function boundToThisProcess([command, args]) {
  if (!canConfine) return signalOnExit([command, args], 'TERM');
  const confined = ['--pid', '--mount-proc', '--fork', '--kill-child'];
  const adopting = ['sh', '-c', '"$@"; exit $?', 'sh', command, ...args];
  return signalOnExit(['unshare', [...confined, ...adopting]], 'KILL');
}

/** Wraps a command so that it gets a signal when this process ends.
 * @param {Line} line @param {'INT' | 'TERM' | 'KILL'} signal @returns {Line} */
export function signalOnExit([command, args], signal) {
  return which('setpriv')
    ? ['setpriv', ['--pdeathsig', signal, command, ...args]]
    : [command, args];
}

/** Runs a program and returns its output. Throws with the last lines of output when it fails.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, bind?: (line: Line) => Line }} [options]
 * @returns {Promise<string>} */
export function step(
  command,
  args,
  { cwd, env = lockedEnvironment(), bind = boundToThisProcess } = {},
) {
  const child = spawn(...bind([command, args]), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, all] = ['', ''];
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
    all += chunk.toString();
  });
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => (all += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output.trim());
      else reject(new Error(`Command failed: ${command} ${args.join(' ')}\n${lastLines(all)}`));
    });
  });
}

/** Runs a program with inherited stdio and returns its exit code. The program and its children end with this
 * process.
 * @param {Line} line @param {Record<string, string>} environment  Variables in addition to the locked environment. */
export async function runBound(line, environment) {
  const child = spawn(...boundToThisProcess(line), {
    cwd: checkout,
    stdio: 'inherit',
    env: { ...lockedEnvironment(), ...environment },
  });
  const [code] = await once(child, 'exit');
  return /** @type {number | null} */ (code) ?? 1;
}

/** Returns the last lines of a log, which usually contain the reason of a failure.
 * @param {string} text */
export function lastLines(text) {
  return text.trim().split('\n').slice(-15).join('\n');
}
