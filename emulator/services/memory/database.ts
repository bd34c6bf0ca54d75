import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from '../../storage/privateFiles.ts';
import { StorageError } from '../../storage/storage.ts';
import { memoryFile } from './memoryFile.ts';
import { toStoreError, knownDamage } from './storeErrors.ts';

/** The open database file. */
export interface MemoryDatabase {
  readonly database: DatabaseSync;
  /** Closes the file. Writes the write-ahead log into it unless the file is damaged. */
  close(how: { readonly isDamaged: boolean }): void;
}

/**
 * Opens the database file and creates it if needed. An acknowledged write survives a crash of the
 * emulator: the operating system has it at commit, even if the disk does not yet.
 */
export function openMemoryDatabase(folder: string): MemoryDatabase {
  const file = memoryFile(folder);
  const damage = knownDamage(file);
  if (damage) throw damage;
  let database: DatabaseSync | undefined;
  // SQLite writes the log into the file when the last connection closes. A read-only connection
  // cannot, so it closes last when the file must stay unchanged.
  let reader: DatabaseSync | undefined;
  const close: MemoryDatabase['close'] = ({ isDamaged }) => {
    const connections = isDamaged ? [database, reader] : [reader, database];
    for (const connection of connections) connection?.close();
  };
  try {
    database = openConnection(folder, { readOnly: false });
    // SQLite gives the log the same file mode.
    makePrivate(file);
    database.exec('PRAGMA journal_mode = WAL');
    reader = openConnection(folder, { readOnly: true });
    // The connection holds the log open from its first read.
    reader.exec('SELECT 1 FROM sqlite_schema');
    createSchema(database, file);
    return { database, close };
  } catch (error) {
    const fault = toStoreError(error, file);
    close({ isDamaged: fault?.isDamage ?? false });
    if ((error as Error).message.includes('fts5')) {
      throw new StorageError(
        `Cannot search memories with Node ${process.version}: its SQLite lacks FTS5. Use Node 22.16 or newer.`,
        { cause: error },
      );
    }
    throw fault ?? error;
  }
}

/** Opens a connection to the file. Only one connection can write at a time. */
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

/** Versions 1 and 2 were used before the first release. */
const SCHEMA_VERSION = 6;

/** Changes version 3, whose records have their source time in `created_at`. */
const MIGRATION_FROM_3 = `
  ALTER TABLE records ADD COLUMN timestamp INTEGER NOT NULL DEFAULT 0;
  UPDATE records SET timestamp = created_at;
`;

const RECORD_EXPIRY_INDEX =
  'CREATE INDEX record_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;';

/** Changes version 4, whose records do not expire. */
const MIGRATION_FROM_4 = `
  ALTER TABLE records ADD COLUMN expiry_days INTEGER;
  ALTER TABLE records ADD COLUMN expires_at INTEGER;
  ${RECORD_EXPIRY_INDEX}
`;

/** Changes version 5, whose records have no embeddings. */
const EMBEDDINGS = `
  CREATE TABLE IF NOT EXISTS embeddings (
    record INTEGER PRIMARY KEY REFERENCES records ON DELETE CASCADE,
    model TEXT NOT NULL,
    vector BLOB NOT NULL
  ) STRICT;

  CREATE TRIGGER IF NOT EXISTS embedding_outdated AFTER UPDATE OF text ON records
  WHEN new.text <> old.text BEGIN
    DELETE FROM embeddings WHERE record = new.number;
  END;
`;

/** Statements that bring a file of each version to the current one. */
const MIGRATIONS: ReadonlyMap<number, string> = new Map([
  [3, MIGRATION_FROM_3 + MIGRATION_FROM_4 + EMBEDDINGS],
  [4, MIGRATION_FROM_4 + EMBEDDINGS],
  [5, EMBEDDINGS],
]);

// An event id is the event's time and an acceptance number, both of fixed width, so that ids sort in
// the order of events. Triggers keep the full-text index `words` and the copy of a record's namespace
// in `insights` up to date in the transaction that changes the record.
const SCHEMA = `
  CREATE TABLE memories (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sessions (
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (memory, actor, session)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
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

  CREATE TABLE branch_roots (
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

  CREATE INDEX acceptance ON events (memory, accepted_at);
  CREATE INDEX branches ON events (memory, actor, session, branch, id);

  CREATE TABLE records (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    namespace TEXT NOT NULL,
    strategy TEXT NOT NULL,
    text TEXT NOT NULL,
    metadata TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    timestamp INTEGER NOT NULL DEFAULT 0,
    expiry_days INTEGER,
    expires_at INTEGER
  ) STRICT;

  ${RECORD_EXPIRY_INDEX}

  CREATE TABLE pending (
    event INTEGER PRIMARY KEY REFERENCES events ON DELETE CASCADE,
    variables TEXT NOT NULL
  ) STRICT;

  CREATE TABLE ingested (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    at INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    payload TEXT NOT NULL,
    variables TEXT NOT NULL
  ) STRICT;

  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    actor TEXT NOT NULL,
    session TEXT NOT NULL,
    strategy TEXT NOT NULL,
    variables TEXT NOT NULL,
    reason TEXT
  ) STRICT;

  CREATE TABLE job_parts (
    job INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    event INTEGER REFERENCES events ON DELETE CASCADE,
    payload TEXT,
    at INTEGER
  ) STRICT;

  CREATE INDEX jobs_of_events ON job_parts (event);
  CREATE INDEX parts_of_jobs ON job_parts (job);

  CREATE TABLE replies (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    memory TEXT NOT NULL REFERENCES memories ON DELETE CASCADE,
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    output TEXT NOT NULL,
    UNIQUE (memory, operation, token)
  ) STRICT;

  CREATE TABLE insights (
    record INTEGER PRIMARY KEY REFERENCES records ON DELETE CASCADE,
    subject TEXT NOT NULL,
    gist TEXT NOT NULL,
    at INTEGER NOT NULL,
    namespace TEXT NOT NULL
  ) STRICT;

  CREATE INDEX namespaces ON records (memory, namespace);
  CREATE INDEX subjects ON insights (namespace, subject);

  CREATE TRIGGER insight_moved AFTER UPDATE OF namespace ON records BEGIN
    UPDATE insights SET namespace = new.namespace WHERE record = new.number;
  END;

  CREATE VIRTUAL TABLE words USING fts5 (
    text, content = 'records', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2'
  );

  CREATE TRIGGER record_added AFTER INSERT ON records BEGIN
    INSERT INTO words (rowid, text) VALUES (new.number, new.text);
  END;

  CREATE TRIGGER record_removed AFTER DELETE ON records BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
  END;

  CREATE TRIGGER record_changed AFTER UPDATE OF text ON records BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
    INSERT INTO words (rowid, text) VALUES (new.number, new.text);
  END;

  ${EMBEDDINGS}
`;

/** Creates the tables of a new file and migrates earlier versions. Refuses a file of an unknown version and leaves it unchanged. */
function createSchema(database: DatabaseSync, file: string): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version === SCHEMA_VERSION) return;
  const statements = version === 0 ? SCHEMA : MIGRATIONS.get(version);
  if (statements === undefined) {
    const other =
      version > SCHEMA_VERSION ? 'a newer emulator' : 'an emulator before its first release';
    throw new StorageError(
      `${file} was written by ${other} (schema version ${version}; this emulator supports ${SCHEMA_VERSION}). The file is unchanged. Use that emulator, delete the file, or choose another folder with --data DIR.`,
    );
  }
  atomically(database, () => {
    database.exec(statements);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

/** Runs `work` in one write transaction: all of its changes are committed, or none. */
export function atomically<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back when the disk is full.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
