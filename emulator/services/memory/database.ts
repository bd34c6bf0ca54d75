import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from '../../storage/privateFiles.ts';
import { StorageError } from '../../storage/storage.ts';
import { memoryFile } from './memoryFile.ts';
import { toStoreError, knownDamage } from './storeErrors.ts';

/** The open file. */
export interface MemoryDatabase {
  readonly database: DatabaseSync;
  /** What the log has goes into the file by this, but not into one that is damaged. */
  close(how: { readonly isDamaged: boolean }): void;
}

/**
 * Opens the file. Whatever was acknowledged is in it, also when the emulator is killed the moment
 * after: a commit is with the system by then, if not yet on the disk.
 */
export function openMemoryDatabase(folder: string): MemoryDatabase {
  const file = memoryFile(folder);
  const damage = knownDamage(file);
  if (damage) throw damage;
  let database: DatabaseSync | undefined;
  // SQLite writes the log into the file with the last connection that is closed. One that only
  // reads cannot, and is the last where nothing is to be written.
  let reader: DatabaseSync | undefined;
  const close: MemoryDatabase['close'] = ({ isDamaged }) => {
    const connections = isDamaged ? [database, reader] : [reader, database];
    for (const connection of connections) connection?.close();
  };
  try {
    database = openConnection(folder, { readOnly: false });
    // SQLite gives the log beside it the same mode.
    makePrivate(file);
    database.exec('PRAGMA journal_mode = WAL');
    reader = openConnection(folder, { readOnly: true });
    // It counts from its first look on.
    reader.exec('SELECT 1 FROM sqlite_schema');
    renew(database, file);
    return { database, close };
  } catch (error) {
    const fault = toStoreError(error, file);
    close({ isDamaged: fault?.isDamage ?? false });
    if ((error as Error).message.includes('fts5')) {
      throw new StorageError(
        `cannot search memories with Node ${process.version}, whose SQLite has no FTS5. Use Node 22.16 or newer`,
        { cause: error },
      );
    }
    throw fault ?? error;
  }
}

/** One connection to the file; all of them see the same, and one at a time writes. */
export function openConnection(folder: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  const database = new DatabaseSync(memoryFile(folder), {
    readOnly,
    timeout: 500,
    enableForeignKeyConstraints: true,
  });
  try {
    database.exec('PRAGMA synchronous = NORMAL');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

// An event's id begins with its time and ends with the number of its acceptance, both of fixed
// width: ids sort as events do. The words of records are an index that triggers keep, in the same
// transaction as what they index.
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

  CREATE TABLE IF NOT EXISTS beginnings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    memory TEXT NOT NULL,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    branch TEXT NOT NULL,
    root TEXT NOT NULL,
    parent TEXT NOT NULL,
    UNIQUE (memory, actor, session, branch),
    FOREIGN KEY (memory, actor, session) REFERENCES sessions ON DELETE CASCADE
  ) STRICT;

  CREATE INDEX IF NOT EXISTS acceptance ON events (memory, accepted_at);
  CREATE INDEX IF NOT EXISTS branches ON events (memory, actor, session, branch, id);

  CREATE TABLE IF NOT EXISTS records (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    namespace TEXT NOT NULL,
    strategy TEXT NOT NULL,
    text TEXT NOT NULL,
    metadata TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS pending (
    event INTEGER PRIMARY KEY REFERENCES events ON DELETE CASCADE,
    variables TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS ingested (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    at INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    payload TEXT NOT NULL,
    variables TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    strategy TEXT NOT NULL,
    variables TEXT NOT NULL,
    reason TEXT
  ) STRICT;

  CREATE TABLE IF NOT EXISTS job_parts (
    job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    event INTEGER REFERENCES events ON DELETE CASCADE,
    payload TEXT
  ) STRICT;

  CREATE INDEX IF NOT EXISTS jobs_of_events ON job_parts (event);
  CREATE INDEX IF NOT EXISTS parts_of_jobs ON job_parts (job);

  CREATE TABLE IF NOT EXISTS replies (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    output TEXT NOT NULL,
    UNIQUE (memory, operation, token)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS insights (
    record INTEGER PRIMARY KEY REFERENCES records ON DELETE CASCADE,
    subject TEXT NOT NULL,
    gist TEXT NOT NULL
  ) STRICT;

  CREATE INDEX IF NOT EXISTS namespaces ON records (memory, namespace);

  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    text, content = 'records', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2'
  );

  CREATE TRIGGER IF NOT EXISTS record_added AFTER INSERT ON records BEGIN
    INSERT INTO words (rowid, text) VALUES (new.number, new.text);
  END;

  CREATE TRIGGER IF NOT EXISTS record_removed AFTER DELETE ON records BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
  END;

  CREATE TRIGGER IF NOT EXISTS record_changed AFTER UPDATE OF text ON records BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
    INSERT INTO words (rowid, text) VALUES (new.number, new.text);
  END;
`;

/** What an older file has otherwise is brought into the form of this one; a newer one is left alone. */
function renew(database: DatabaseSync, file: string): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > STEPS.length) {
    throw new StorageError(
      `${file}, where memories are kept, is of a newer emulator: its form is ${version}, and the newest known here is ${STEPS.length}. It has been left as it is; use that emulator, or give another folder with --data DIR`,
    );
  }
  database.exec(SCHEMA);
  if (version === STEPS.length) return;
  atomically(database, () => {
    for (const step of STEPS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${STEPS.length}`);
  });
}

// Where branches began was known by their events alone.
const BRANCHES_FROM_EVENTS = `
  INSERT OR IGNORE INTO beginnings (memory, actor, session, branch, root, parent)
  SELECT memory, actor, session, branch, root, coalesce(
    (SELECT branch FROM events AS r
     WHERE r.memory = e.memory AND r.actor = e.actor AND r.session = e.session AND r.id = e.root),
    'main')
  FROM events AS e WHERE root IS NOT NULL ORDER BY number;
`;

// Of what is said of one subject the last counts, wherever an actor has said how much. The namespace is
// also the record's, and is here to be found with the subject.
const INSIGHTS_BY_SUBJECT_AND_TIME = `
  ALTER TABLE insights ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE insights ADD COLUMN namespace TEXT NOT NULL DEFAULT '';
  UPDATE insights SET namespace = (SELECT namespace FROM records WHERE number = record);
  CREATE INDEX subjects ON insights (namespace, subject);
  CREATE TRIGGER insight_moved AFTER UPDATE OF namespace ON records BEGIN
    UPDATE insights SET namespace = new.namespace WHERE record = new.number;
  END;
  ALTER TABLE job_parts ADD COLUMN at INTEGER;
`;

/** From each form that what is kept has had to the next: what is there stays as it is, more is added. */
const STEPS = [BRANCHES_FROM_EVENTS, INSIGHTS_BY_SUBJECT_AND_TIME];

/** All of it or nothing, whatever happens to the process in between. */
export function atomically<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has rolled it back by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
