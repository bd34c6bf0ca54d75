import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONVERSATIONS_FOLDER, READY_FILE } from '../../src/shared/emulator.ts';

/** The permission bits of other users. */
const OTHER_USERS = 0o077;

/** Set on folders that are shared on purpose, such as /tmp. */
const STICKY = 0o1000;

/** Files of emulators in a data folder. All other files belong to the user. */
const OWN_FILES = new RegExp(`^(?:(?:state|memory)\\.db.*|${READY_FILE}|\\.gitignore)$`);
const OWN_FOLDERS = new Set(['instances', 'storage', 'deployed', 'cache', CONVERSATIONS_FOLDER]);

/**
 * Removes other users' permissions on a file or folder. Has no effect on systems without modes, or if
 * the file belongs to another user.
 */
export function makePrivate(path: string): void {
  const { mode } = statSync(path);
  if ((mode & OTHER_USERS) === 0 || (mode & STICKY) !== 0) return;
  try {
    chmodSync(path, mode & 0o700);
  } catch {
    // The file belongs to another user.
  }
}

/** Makes a data folder private, including the files of earlier emulators. */
export function makeDataFolderPrivate(folder: string): void {
  const before = statSync(folder).mode;
  // A private folder protects its content, and new files are private.
  if ((before & OTHER_USERS) === 0) return;
  makePrivate(folder);
  // On systems without modes, such as Windows, the content cannot be changed either.
  const isUnchanged = statSync(folder).mode === before;
  if (isUnchanged && (before & STICKY) === 0) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && OWN_FILES.test(entry.name)) makePrivate(path);
    if (entry.isDirectory() && OWN_FOLDERS.has(entry.name)) makeTreePrivate(path);
  }
}

/** Skips links, which point to the developer's packages in working copies. */
function makeTreePrivate(folder: string): void {
  makePrivate(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeTreePrivate(path);
    else if (entry.isFile()) makePrivate(path);
  }
}
