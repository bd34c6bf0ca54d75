import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Modes of a folder and all in it by their paths, as `ls` counts them; links have none. */
export async function readModes(folder: string): Promise<Record<string, string>> {
  const modes: Record<string, string> = {};
  for (const entry of ['.', ...(await readdir(folder, { recursive: true }))]) {
    const stats = await lstat(join(folder, entry));
    if (stats.isSymbolicLink()) continue;
    modes[relative(folder, join(folder, entry)) || '.'] = (stats.mode & 0o777).toString(8);
  }
  return modes;
}

/** What other users of the machine may read, write or run in a folder, or the folder itself. */
export async function listOpenToOthers(folder: string): Promise<string[]> {
  const modes = Object.entries(await readModes(folder));
  return modes.filter(([, mode]) => !mode.endsWith('00')).map(([path]) => path);
}
