import type { Storage } from './storage.ts';

// The runtime service keeps a record of each session storage, which survives a restart of the emulator.
// The computes hold the content, and remove what has no record.

/** The prefix of the records' keys in the data folder. A storage's ID follows. */
export const SESSION_STORAGE_PREFIX = 'session-storage.';

/** True if this data folder has a record of the session storage. */
export function isSessionStorage(storage: Pick<Storage, 'read'>, id: string): boolean {
  return storage.read(SESSION_STORAGE_PREFIX + id) !== undefined;
}
