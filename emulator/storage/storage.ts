import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { READY_FILE, withoutToken, type ReadyMessage } from '../../src/shared/emulator.ts';
import { makeDataFolderPrivate, makePrivate } from './privateFiles.ts';

/** The database in the data folder. */
export const STATE_FILE = 'state.db';

/** The emulator's data folder: a database for state, and files. */
export interface Storage {
  readonly folder: string;
  read(key: string): string | undefined;
  write(key: string, value: string): void;
  /** Publishes the emulator's URL to other programs, until the storage is closed. */
  announce(message: ReadyMessage): void;
  /** Returns the values of all keys with a prefix. */
  readAll(prefix: string): string[];
  remove(key: string): void;
  close(): void;
}

/** A data folder cannot be used. The message includes the fix. */
export class StorageError extends Error {}

/**
 * Opens and locks the data folder. The database lock ends with the process, even after a crash, so
 * two emulators never share a folder.
 */
export function openStorage(path: string): Storage {
  // Agents get absolute paths, because they have another working directory.
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK);
    makeDataFolderPrivate(folder);
    // The folder is in the user's project by default and must not be committed.
    writeFileSync(join(folder, '.gitignore'), '*\n', { mode: 0o600 });
  } catch (error) {
    throw new StorageError(
      `Cannot use the data folder ${folder}: ${(error as Error).message}. Choose a writable folder with --data DIR, or use --ephemeral.`,
    );
  }
  const database = openDatabase(folder);
  const readyFile = join(folder, READY_FILE);
  // The file may be left from an emulator that was killed.
  rmSync(readyFile, { force: true });
  const select = database.prepare('SELECT value FROM settings WHERE key = ?');
  const upsert = database.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  const selectAll = database.prepare(
    'SELECT value FROM settings WHERE substr(key, 1, length(:prefix)) = :prefix',
  );
  const removal = database.prepare('DELETE FROM settings WHERE key = ?');
  return {
    folder,
    read: (key) => select.get(key)?.['value'] as string | undefined,
    write: (key, value) => void upsert.run(key, value),
    readAll: (prefix) => selectAll.all({ prefix }).map(({ value }) => value as string),
    remove: (key) => void removal.run(key),
    // The message may contain the operator's token.
    announce: (message) => writeFileSync(readyFile, JSON.stringify(message), { mode: 0o600 }),
    close() {
      rmSync(readyFile, { force: true });
      database.close();
    },
  };
}

function openDatabase(folder: string): DatabaseSync {
  const file = join(folder, STATE_FILE);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 500 });
    // The database contains agents' environments, which may include secrets.
    makePrivate(file);
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      BEGIN EXCLUSIVE;
      CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      COMMIT;
    `);
    return database;
  } catch (error) {
    database?.close();
    const { message } = error as Error;
    if (message.includes('locked')) {
      throw new StorageError(
        `The data folder ${folder} is in use by another emulator${describeOwner(folder)}. Use or stop that emulator, or start another with --data DIR or --ephemeral.`,
      );
    }
    throw new StorageError(
      `Cannot read ${file}: ${message}. Delete the file to start over, or choose another folder with --data DIR.`,
    );
  }
}

/** Describes the emulator that uses a folder, if its ready file exists. */
function describeOwner(folder: string): string {
  try {
    const { url, pid } = JSON.parse(readFileSync(join(folder, READY_FILE), 'utf8')) as ReadyMessage;
    return `, at ${withoutToken(url)} (process ${pid})`;
  } catch {
    return '';
  }
}
