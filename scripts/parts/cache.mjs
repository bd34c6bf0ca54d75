// What set-up makes is kept outside the checkout, in the user's cache folder, so that clones share it
// and a second run finds it. A folder's name holds the version of what it is made of: a change makes
// a new folder, and the old one stays for the clones that still use it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { which } from './steps.mjs';

/** Where all of it is. */
export const cache = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'agentcore-workbench',
);

const unfinished = 'unfinished-';

/** The folder of something that is made of the ingredients.
 * @param {string} name @param {(string | Buffer)[]} ingredients */
export function keptFolder(name, ...ingredients) {
  const hash = createHash('sha256');
  for (const ingredient of ingredients) hash.update(ingredient).update('\0');
  return join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
}

/** Makes such a folder beside its place and moves it there, so that nobody ever meets half of it.
 * @param {string} folder @param {(making: string) => Promise<void>} fill */
export async function makeFolder(folder, fill) {
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, unfinished));
  try {
    await fill(making);
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another run was quicker; its folder is as good.
    if (!existsSync(folder)) throw error;
  }
}

/** Runs the work while no other run does. The lock is the kernel's and ends with its holder, which
 * ends with this process, so that a killed run leaves none. Where there is no flock, two runs do the
 * work twice, and the first to finish gives its result.
 * @param {() => Promise<void>} work */
export async function alone(work) {
  mkdirSync(cache, { recursive: true });
  if (!which('flock')) return work();
  const holder = spawn(
    'flock',
    [join(cache, 'set-up.lock'), 'sh', '-c', 'echo mine; exec cat >/dev/null'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const waiting = setTimeout(() => {
    process.stderr.write('Another run is setting up; waiting for it …\n');
  }, 1000);
  await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  clearTimeout(waiting);
  if (holder.exitCode !== null) throw new Error(`${cache} cannot be locked`);
  try {
    // What killed runs left half made.
    for (const entry of readdirSync(cache).filter((name) => name.startsWith(unfinished))) {
      rmSync(join(cache, entry), { recursive: true, maxRetries: 5 });
    }
    await work();
  } finally {
    holder.stdin.end();
    await once(holder, 'exit');
  }
}
