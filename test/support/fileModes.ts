import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Returns the octal modes of a folder and its contents by path, without symbolic links. */
export async function readModes(folder: string): Promise<Record<string, string>> {
  const modes: Record<string, string> = {};
  for (const entry of ['.', ...(await readdir(folder, { recursive: true }))]) {
    const stats = await lstat(join(folder, entry));
    if (stats.isSymbolicLink()) continue;
    modes[relative(folder, join(folder, entry)) || '.'] = (stats.mode & 0o777).toString(8);
  }
  return modes;
}

/** Lists the paths in a folder, including the folder, that other users can access. */
export async function listOpenToOthers(folder: string): Promise<string[]> {
  const modes = Object.entries(await readModes(folder));
  return modes.filter(([, mode]) => !mode.endsWith('00')).map(([path]) => path);
}
