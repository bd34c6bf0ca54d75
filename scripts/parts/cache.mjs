// The cache of set-up results. It is outside the checkout, in the user's cache folder, so that clones and later
// runs share it. A folder's name contains a hash of its ingredients: a change creates a new folder, and the old
// one remains for clones that still use it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { which } from './steps.mjs';

/** Root folder of the cache. */
export const cache = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'agentcore-workbench',
);

const unfinished = 'unfinished-';

/** Returns the cache folder for these ingredients.
 * @param {string} name @param {(string | Buffer)[]} ingredients */
export function cacheFolder(name, ...ingredients) {
  const hash = createHash('sha256');
  for (const ingredient of ingredients) hash.update(ingredient).update('\0');
  return join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
}

/** Fills a temporary folder and renames it, so that a cache folder is always complete.
 * @param {string} folder @param {(making: string) => Promise<void>} fill */
export async function makeFolder(folder, fill) {
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, unfinished));
  try {
    await fill(making);
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another run finished first; its folder is equivalent.
    if (!existsSync(folder)) throw error;
  }
}

/** Runs the work under a lock that all runs share. The kernel releases the lock when its holder exits, and the
 * holder exits with this process. Without `flock`, two runs do the work twice, and the first result is used.
 * @param {() => Promise<void>} work */
export async function withLock(work) {
  mkdirSync(cache, { recursive: true });
  if (!which('flock')) return work();
  const holder = spawn(
    'flock',
    [join(cache, 'set-up.lock'), 'sh', '-c', 'echo locked; exec cat >/dev/null'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const waiting = setTimeout(() => {
    process.stderr.write('Waiting for another run to finish its set-up …\n');
  }, 1000);
  await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  clearTimeout(waiting);
  if (holder.exitCode !== null) throw new Error(`Cannot lock ${cache}. Check its permissions.`);
  try {
    // Remove unfinished folders of killed runs.
    for (const entry of readdirSync(cache).filter((name) => name.startsWith(unfinished))) {
      rmSync(join(cache, entry), { recursive: true, maxRetries: 5 });
    }
    await work();
  } finally {
    holder.stdin.end();
    await once(holder, 'exit');
  }
}
