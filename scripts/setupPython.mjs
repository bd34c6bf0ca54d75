// The Python packages that tests call as their users do. They are kept in the user's cache folder,
// one folder for each version of the list, so that clones share them and a second run finds them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { root, run } from './setup.mjs';

const cache = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'agentcore-workbench',
);

/** The folder to put on PYTHONPATH. */
export function pythonPackages() {
  const list = join(root, 'test', 'requirements.txt');
  const version = createHash('sha256').update(readFileSync(list)).digest('hex').slice(0, 12);
  const folder = join(cache, `python-${version}`);
  if (existsSync(folder)) return folder;
  process.stderr.write('Installing the Python packages of the tests …\n');
  mkdirSync(cache, { recursive: true });
  // Made beside its place and then moved there, so that nobody ever meets half of it.
  const making = mkdtempSync(join(cache, 'making-'));
  run('python3', ['-m', 'pip', 'install', '--quiet', '--target', making, '--requirement', list]);
  try {
    renameSync(making, folder);
  } catch {
    // Another clone was quicker; its folder is as good.
    rmSync(making, { recursive: true });
  }
  return folder;
}
