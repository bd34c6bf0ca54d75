import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../storage/storage.ts';

const FILE = 'memory.db';

/**
 * Opens the one file in which memories are kept. Whatever was acknowledged is in it, also when the
 * emulator is killed the moment after: a commit is with the system by then, if not yet on the disk.
 */
export function openMemoryDatabase(folder: string): DatabaseSync {
  const file = join(folder, FILE);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 500, enableForeignKeyConstraints: true });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    database?.close();
    // It is left as it is: what can still be read of it is the user's.
    throw new StorageError(
      `cannot use ${file}, where memories are kept: ${(error as Error).message}. It has not been changed. Move it away to start afresh, or give another folder with --data DIR`,
      { cause: error },
    );
  }
}

// An event's id begins with its time and ends with the number of its acceptance, both of fixed
// width: ids sort as events do.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS memories (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS sessions (
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (memory, actor, session)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    memory TEXT NOT NULL,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    branch TEXT NOT NULL,
    root TEXT,
    payload TEXT NOT NULL,
    metadata TEXT,
    token TEXT,
    UNIQUE (memory, actor, session, id),
    UNIQUE (memory, token),
    FOREIGN KEY (memory, actor, session) REFERENCES sessions ON DELETE CASCADE
  ) STRICT;

  CREATE INDEX IF NOT EXISTS acceptance ON events (memory, accepted_at);
  CREATE INDEX IF NOT EXISTS branches ON events (memory, actor, session, branch, id);
`;
