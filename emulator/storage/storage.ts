import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { READY_FILE, withoutToken, type ReadyMessage } from '../../src/shared/emulator.ts';
import { makeDataFolderPrivate, makePrivate } from './privateFiles.ts';

/** The emulator's data folder: what must outlive it in a database, everything else as files. */
export interface Storage {
  readonly folder: string;
  read(key: string): string | undefined;
  write(key: string, value: string): void;
  /** Says to other programs where the emulator that holds the folder serves, until it is closed. */
  announce(message: ReadyMessage): void;
  /** The values of all keys that begin so. */
  readAll(prefix: string): string[];
  remove(key: string): void;
  close(): void;
}

/** Why a data folder cannot be used, with the mend. */
export class StorageError extends Error {}

/**
 * Opens the data folder and holds it: the database stays locked while this process lives, however
 * it ends, so that two emulators never share one folder.
 */
export function openStorage(place: string): Storage {
  // Agents are told of files in it, and their current folder is another.
  const folder = resolve(place);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK);
    makeDataFolderPrivate(folder);
    // It stands in the user's project by default, and is no part of what they commit.
    writeFileSync(join(folder, '.gitignore'), '*\n', { mode: 0o600 });
  } catch (error) {
    throw new StorageError(
      `cannot use the data folder ${folder}: ${(error as Error).message}. Give a folder that can be written with --data DIR, or use --ephemeral`,
    );
  }
  const database = openDatabase(folder);
  const readyFile = join(folder, READY_FILE);
  // What stands there is of one that was killed.
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
    // It may hold the operator's token.
    announce: (message) => writeFileSync(readyFile, JSON.stringify(message), { mode: 0o600 }),
    close() {
      rmSync(readyFile, { force: true });
      database.close();
    },
  };
}

function openDatabase(folder: string): DatabaseSync {
  const file = join(folder, 'state.db');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 500 });
    // Environments of agents are in it, which have secrets.
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
        `the data folder ${folder} is in use by another emulator${whereIs(folder)}. Use or end that one, or give this one its own with --data DIR or --ephemeral`,
      );
    }
    throw new StorageError(
      `cannot read ${file}: ${message}. Delete it to start afresh, or give another folder with --data DIR`,
    );
  }
}

/** Where the emulator serves that holds a folder, if it has said so. */
function whereIs(folder: string): string {
  try {
    const { url, pid } = JSON.parse(readFileSync(join(folder, READY_FILE), 'utf8')) as ReadyMessage;
    return `, at ${withoutToken(url)} (process ${pid})`;
  } catch {
    return '';
  }
}
