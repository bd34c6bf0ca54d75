import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONVERSATIONS_FOLDER, READY_FILE } from '../../src/shared/emulator.ts';

/** The bits of a mode that let other users in. */
const OTHER_USERS = 0o077;

/** Set on folders such as /tmp, which are shared on purpose. */
const STICKY = 0o1000;

/** What emulators keep in a data folder. Anything else there belongs to the user. */
const OWN_FILES = new RegExp(`^(?:(?:state|memory)\\.db.*|${READY_FILE}|\\.gitignore)$`);
const OWN_FOLDERS = new Set(['instances', 'storage', 'deployed', 'cache', CONVERSATIONS_FOLDER]);

/**
 * Takes all rights to a file or folder from other users, and none from its owner. Changes nothing
 * where files have no modes, or where the file belongs to another user, who could read it anyway.
 */
export function makePrivate(path: string): void {
  const { mode } = statSync(path);
  if ((mode & OTHER_USERS) === 0 || (mode & STICKY) !== 0) return;
  try {
    chmodSync(path, mode & 0o700);
  } catch {
    // See above.
  }
}

/** Makes a data folder private, with all that earlier emulators left in it. */
export function makeDataFolderPrivate(folder: string): void {
  const before = statSync(folder).mode;
  // Nobody else could reach what is in it, and what is written from now on is private.
  if ((before & OTHER_USERS) === 0) return;
  makePrivate(folder);
  // Without modes, as on Windows, there is nothing to do below either.
  const isUnchanged = statSync(folder).mode === before;
  if (isUnchanged && (before & STICKY) === 0) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && OWN_FILES.test(entry.name)) makePrivate(path);
    if (entry.isDirectory() && OWN_FOLDERS.has(entry.name)) makeTreePrivate(path);
  }
}

/** Links are left alone: in working copies they lead to the developer's packages. */
function makeTreePrivate(folder: string): void {
  makePrivate(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeTreePrivate(path);
    else if (entry.isFile()) makePrivate(path);
  }
}
