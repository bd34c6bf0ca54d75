import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, realpath, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isWithin } from '../isWithin.ts';
import { IGNORED_FOLDERS } from '../ignoredFolders.ts';

/**
 * Creates a machine's own copy of the agent's code, at the same path below `copyRoot` as below the
 * project's root. Installed packages are linked instead of copied, because they are large and
 * read-only. The emulator's own data is never copied.
 */
export async function copyCode(
  { root, code }: { readonly root: string; readonly code: string },
  copyRoot: string,
  dataFolder: string,
): Promise<string> {
  const [, ...above] = listFoldersUpTo(root, code);
  const copy = join(copyRoot, above.length > 0 ? relative(root, code) : '.');
  await copyFolder(code, copy, { code: await realpath(code), dataFolder });
  // Packages may be hoisted to any folder between the code and the project's root.
  for (const from of above) {
    const to = join(copyRoot, relative(root, from));
    if (await exists(join(from, 'node_modules'))) await linkPackages(from, to);
  }
  return copy;
}

/** Returns the code folder and its parents up to the project's root, if it is below the root. */
export function listFoldersUpTo(root: string, code: string): string[] {
  const folders = [code];
  if (!isWithin(code, root)) return folders;
  for (let folder = code; folder !== root;) folders.push((folder = dirname(folder)));
  return folders;
}

/** The source of a copy: the code without the emulator's own data. */
interface Origin {
  readonly code: string;
  readonly dataFolder: string;
}

async function copyFolder(from: string, to: string, origin: Origin): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (IGNORED_FOLDERS.has(entry.name) || source === origin.dataFolder) return;
      if (entry.name === 'node_modules') await linkPackages(from, to);
      else if (entry.isDirectory()) await copyFolder(source, target, origin);
      else if (entry.isFile()) await copyOneFile(source, target);
      else if (entry.isSymbolicLink()) await copyLink(source, target, origin);
    }),
  );
}

// An unchanged link would lead to the developer's own files, which all sessions would share. A link
// within the code is redirected to the copy; a target outside is copied.
async function copyLink(source: string, target: string, origin: Origin): Promise<void> {
  const real = await realpath(source).catch(() => null);
  // Skips broken links, and links to a parent folder, whose copy would be endless.
  if (real === null || isWithin(origin.code, real)) return;
  const folder = await realpath(dirname(source));
  if (isWithin(real, origin.code)) return symlink(relative(folder, real), target);
  if (isWithin(folder, real)) return;
  if ((await stat(real)).isDirectory()) await copyFolder(real, target, origin);
  else await copyOneFile(real, target);
}

/** Copies a file with its mode, but without permissions for other users. */
async function copyOneFile(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  const { mode } = await stat(target);
  await chmod(target, mode & 0o700);
}

async function linkPackages(from: string, to: string): Promise<void> {
  // A junction needs no privileges on Windows; other systems ignore the type.
  await symlink(join(from, 'node_modules'), join(to, 'node_modules'), 'junction');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
