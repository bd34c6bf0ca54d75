import { constants } from 'node:fs';
import { access, copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/** Folders that are no part of an agent's code: they are rebuilt, or belong to tools. */
const LEFT_OUT = new Set(['.git', '.agentcore', '__pycache__', '.venv', 'venv']);

/**
 * Gives a machine its own copy of the agent's code, at the same place below `copyRoot` as below
 * the project's root. Installed packages are linked, not copied: they are large, and nobody
 * writes into them.
 */
export async function copyCode(root: string, code: string, copyRoot: string): Promise<string> {
  const [, ...above] = foldersUpTo(root, code);
  const copy = join(copyRoot, above.length > 0 ? relative(root, code) : '.');
  await copyFolder(code, copy);
  // Packages may be hoisted to any folder between the code and the project's root.
  for (const from of above) {
    const to = join(copyRoot, relative(root, from));
    if (await exists(join(from, 'node_modules'))) await linkPackages(from, to);
  }
  return copy;
}

/** The agent's code folder and those above it up to the project's root, if it lies below that. */
export function foldersUpTo(root: string, code: string): string[] {
  const place = relative(root, code);
  const folders = [code];
  if (place === '' || place === '..' || place.startsWith(`..${sep}`) || isAbsolute(place)) {
    return folders;
  }
  for (let folder = code; folder !== root;) folders.push((folder = dirname(folder)));
  return folders;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      if (LEFT_OUT.has(entry.name)) return;
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.name === 'node_modules') await linkPackages(from, to);
      else if (entry.isDirectory()) await copyFolder(source, target);
      else if (entry.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
      else if (entry.isSymbolicLink()) await symlink(source, target);
    }),
  );
}

async function linkPackages(from: string, to: string): Promise<void> {
  // A junction needs no rights on Windows; elsewhere the type is ignored.
  await symlink(join(from, 'node_modules'), join(to, 'node_modules'), 'junction');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
