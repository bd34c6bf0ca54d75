import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { TermHit } from './relevance.ts';
import { RECORD_NOT_EXPIRED, scopeCondition, type RecordScope } from './scopeCondition.ts';

/** A stored record of long-term memory. Times are in milliseconds; metadata is JSON. */
export interface RecordRow {
  readonly id: string;
  /** Empty when the record has no namespace. */
  readonly namespace: string;
  readonly strategy: string;
  readonly text: string;
  readonly metadata: string | null;
  /** The time at which the record was written. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The time of the record's source, such as the message that it is extracted from. */
  readonly timestamp: number;
  /** The days after which it expires, which an update counts again. Null if it does not expire. */
  readonly expiryDays: number | null;
  readonly expiresAt: number | null;
}

/** The expiry of a record. */
export type RecordExpiry = Pick<RecordRow, 'expiryDays' | 'expiresAt'>;

const DAY = 24 * 60 * 60 * 1_000;

/** Returns the expiry of a record that is written now. */
export function recordExpiry(expiryDays: number | null, now: number): RecordExpiry {
  return { expiryDays, expiresAt: expiryDays === null ? null : now + expiryDays * DAY };
}

/** A record with its number. Numbers grow in the order in which records are added. */
export interface NumberedRecord extends RecordRow {
  readonly number: number;
}

/** Stores the records of all memories. Expired records are invisible. */
export interface RecordStore {
  add(memory: string, record: RecordRow): void;
  update(record: RecordRow): void;
  get(memory: string, id: string): RecordRow | undefined;
  remove(id: string): void;
  /** Frees the space of expired records. */
  removeExpired(): void;
  /** Returns records with a lower number than `before`, newest first. */
  list(scope: RecordScope, before: number, limit: number): NumberedRecord[];
  /** Returns the records that contain a word in any form. */
  findByTerm(word: string, scope: RecordScope): TermHit[];
  /** Returns the forms of a word that occur in a record. */
  findTermForms(word: string, number: number): string[];
  count(scope: RecordScope): number;
  isInScope(number: number, scope: RecordScope): boolean;
  /** Returns records in no particular order. */
  getByNumbers(numbers: readonly number[]): NumberedRecord[];
}

/** Creates an id of 40 characters, like the ids of AWS. */
export function newRecordId(): string {
  return `mem-${randomUUID()}`;
}

const COLUMNS = `number, id, namespace, strategy, text, metadata,
  created_at AS createdAt, updated_at AS updatedAt, timestamp,
  expiry_days AS expiryDays, expires_at AS expiresAt`;

// Control characters that mark words and do not occur in text.
const HIGHLIGHT_START = '\u0001';
const HIGHLIGHT_END = '\u0002';

/** Creates the record store of a database. */
export function createRecordStore(database: DatabaseSync, clock: Pick<Clock, 'now'>): RecordStore {
  const insert = database.prepare(
    `INSERT INTO records (id, memory, namespace, strategy, text, metadata, created_at, updated_at, timestamp,
       expiry_days, expires_at)
     VALUES (:id, :memory, :namespace, :strategy, :text, :metadata, :createdAt, :updatedAt, :timestamp,
       :expiryDays, :expiresAt)`,
  );
  const updateById = database.prepare(
    `UPDATE records SET namespace = :namespace, strategy = :strategy, text = :text,
       metadata = :metadata, created_at = :createdAt, updated_at = :updatedAt,
       timestamp = :timestamp, expiry_days = :expiryDays, expires_at = :expiresAt WHERE id = :id`,
  );
  const selectById = database.prepare(
    `SELECT ${COLUMNS} FROM records
     WHERE memory = :memory AND id = :id AND ${RECORD_NOT_EXPIRED}`,
  );
  const deleteExpired = database.prepare('DELETE FROM records WHERE expires_at <= :now');
  const deleteById = database.prepare('DELETE FROM records WHERE id = :id');
  const selectByNumbers = database.prepare(
    `SELECT ${COLUMNS} FROM records WHERE number IN (SELECT value FROM json_each(:numbers))`,
  );

  const selectHighlighted = database.prepare(
    `SELECT highlight(words, 0, '${HIGHLIGHT_START}', '${HIGHLIGHT_END}') AS text FROM words
     WHERE words MATCH :word AND rowid = :number`,
  );

  function select<Row>(
    columns: string,
    scope: RecordScope,
    suffix: string,
    extraValues: Record<string, SQLInputValue> = {},
    from = 'records',
  ): Row[] {
    const { condition, values } = scopeCondition(scope);
    const statement = `SELECT ${columns} FROM ${from} WHERE ${condition}
      AND ${RECORD_NOT_EXPIRED} ${suffix}`;
    const now = clock.now();
    return database.prepare(statement).all({ ...values, ...extraValues, now }) as Row[];
  }

  return {
    add: (memory, record) => void insert.run({ memory, ...record }),
    update: (record) => void updateById.run({ ...record }),
    get(memory, id) {
      const row = selectById.get({ memory, id, now: clock.now() }) as unknown as
        NumberedRecord | undefined;
      if (!row) return undefined;
      const { number: _, ...record } = row;
      return record;
    },
    remove: (id) => void deleteById.run({ id }),
    removeExpired: () => void deleteExpired.run({ now: clock.now() }),
    list: (scope, before, limit) =>
      select(COLUMNS, scope, 'AND number < :before ORDER BY number DESC LIMIT :limit', {
        before,
        limit,
      }),
    findByTerm: (word, scope) =>
      select(
        'number, -bm25(words) AS weight',
        scope,
        'AND words MATCH :word',
        { word: quote(word) },
        'words CROSS JOIN records ON number = words.rowid',
      ),
    findTermForms(word, number) {
      const { text = '' } = (selectHighlighted.get({ word: quote(word), number }) ?? {}) as {
        text?: string;
      };
      const forms = text.split(HIGHLIGHT_START).slice(1);
      return [...new Set(forms.map((form) => form.split(HIGHLIGHT_END, 1)[0]!))];
    },
    isInScope: (number, scope) => select('1', scope, 'AND number = :number', { number }).length > 0,
    count: (scope) => select<{ total: number }>('count(*) AS total', scope, '')[0]!.total,
    getByNumbers: (numbers) => selectByNumbers.all({ numbers: JSON.stringify(numbers) }) as never,
  };
}

/** Quotes a word, so that FTS5 does not parse it as query syntax. */
function quote(word: string): string {
  return `"${word}"`;
}
