// How set-up runs programs: quietly unless they fail, and so that none outlives the run.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';
import { lockedEnvironment, root as checkout } from '../setup.mjs';

const linux = process.platform === 'linux';
const root = process.getuid?.() === 0;

/** Whether a program can be given process ids and mounts of its own: as root, unless in a container. */
export const canConfine =
  linux && root && spawnSync('unshare', ['--pid', '--mount-proc', '--fork', 'true']).status === 0;

/** The path of the first of the programs that is there, or undefined. Root's PATH need not name the
 * folders of the system's programs.
 * @param {string[]} names  or absolute paths */
export function which(...names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return names
    .flatMap((name) => folders.map((folder) => resolve(folder, name + suffix)))
    .find((file) => existsSync(file));
}

/** A command and its arguments.
 * @typedef {[command: string, args: string[]]} Line */

/** The command in a form that ends, with all that it starts, when this process ends, however that
 * comes about. Its shell is the first process of a namespace, adopts orphans and takes them along.
 * @param {Line} line @returns {Line} */
function boundToUs([command, args]) {
  if (!canConfine) return toldOfOurEnd([command, args], 'TERM');
  const confined = ['--pid', '--mount-proc', '--fork', '--kill-child'];
  const adopting = ['sh', '-c', '"$@"; exit $?', 'sh', command, ...args];
  return toldOfOurEnd(['unshare', [...confined, ...adopting]], 'KILL');
}

/** The command in a form that gets a signal when this process ends.
 * @param {Line} line @param {'INT' | 'TERM' | 'KILL'} signal @returns {Line} */
export function toldOfOurEnd([command, args], signal) {
  return which('setpriv')
    ? ['setpriv', ['--pdeathsig', signal, command, ...args]]
    : [command, args];
}

/** Runs a program to its end and gives what it printed; one that fails throws with its last lines.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, bind?: (line: Line) => Line }} [options]
 * @returns {Promise<string>} */
export function step(command, args, { cwd, env = lockedEnvironment(), bind = boundToUs } = {}) {
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
      else reject(new Error(`${command} ${args.join(' ')} failed:\n${lastLines(all)}`));
    });
  });
}

/** Runs a program for all to see, and gives its exit code. Interrupted or killed, this process takes
 * along whatever that program started.
 * @param {Line} line @param {Record<string, string>} environment  beside the set-up's own */
export async function runBound(line, environment) {
  const child = spawn(...boundToUs(line), {
    cwd: checkout,
    stdio: 'inherit',
    env: { ...lockedEnvironment(), ...environment },
  });
  const [code] = await once(child, 'exit');
  return /** @type {number | null} */ (code) ?? 1;
}

/** The end of a log, which says why it is one.
 * @param {string} text */
export function lastLines(text) {
  return text.trim().split('\n').slice(-15).join('\n');
}
