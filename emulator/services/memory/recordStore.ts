import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { BUILT_IN_KEYS, type RecordCondition } from './recordConditions.ts';
import type { TermHit } from './relevance.ts';

/** A record of long-term memory as it is kept; times are milliseconds, metadata JSON. */
export interface RecordRow {
  readonly id: string;
  /** Empty where it is in none. */
  readonly namespace: string;
  readonly strategy: string;
  readonly text: string;
  readonly metadata: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A record, and its place in the order in which records came. */
export interface NumberedRecord extends RecordRow {
  readonly number: number;
}

/** Which records of a memory are meant. */
export interface RecordScope {
  readonly memory: string;
  /** Null for those of all. */
  readonly namespace: string | null;
  /** Whether what lies under the namespace is meant, too: `/a/b` under `/a`, not `/ab`. */
  readonly below: boolean;
  readonly strategy: string | undefined;
  readonly conditions: readonly RecordCondition[];
}

/** The records of all memories. */
export interface RecordStore {
  add(memory: string, record: RecordRow): void;
  /** Keeps what a record is now in place of what it was. */
  change(record: RecordRow): void;
  get(memory: string, id: string): RecordRow | undefined;
  remove(id: string): void;
  /** The newest first, those before a number. */
  list(scope: RecordScope, before: number, limit: number): NumberedRecord[];
  /** Those that have a word, in any of its forms. */
  having(word: string, scope: RecordScope): TermHit[];
  /** A word as it stands in a record: in which of its forms. */
  forms(word: string, number: number): string[];
  count(scope: RecordScope): number;
  /** Whether a record is among those that are meant. */
  isIn(number: number, scope: RecordScope): boolean;
  /** In no order. */
  numbered(numbers: readonly number[]): NumberedRecord[];
}

/** An id of 40 characters, as the service's have. */
export function newRecordId(): string {
  return `mem-${randomUUID()}`;
}

const ROW = `number, id, namespace, strategy, text, metadata,
  created_at AS createdAt, updated_at AS updatedAt`;

// By which a text's words are marked: letters that nobody types.
const BEGINS = '\u0001';
const ENDS = '\u0002';

/** The records in a database. */
export function createRecordStore(database: DatabaseSync): RecordStore {
  const addition = database.prepare(
    `INSERT INTO records (id, memory, namespace, strategy, text, metadata, created_at, updated_at)
     VALUES (:id, :memory, :namespace, :strategy, :text, :metadata, :createdAt, :updatedAt)`,
  );
  const change = database.prepare(
    `UPDATE records SET namespace = :namespace, strategy = :strategy, text = :text,
       metadata = :metadata, created_at = :createdAt, updated_at = :updatedAt WHERE id = :id`,
  );
  const byId = database.prepare(`SELECT ${ROW} FROM records WHERE memory = :memory AND id = :id`);
  const removal = database.prepare('DELETE FROM records WHERE id = :id');
  const byNumbers = database.prepare(
    `SELECT ${ROW} FROM records WHERE number IN (SELECT value FROM json_each(:numbers))`,
  );

  const marked = database.prepare(
    `SELECT highlight(words, 0, '${BEGINS}', '${ENDS}') AS text FROM words
     WHERE words MATCH :word AND rowid = :number`,
  );

  function select<Row>(
    columns: string,
    scope: RecordScope,
    rest: string,
    given: Record<string, SQLInputValue> = {},
    from = 'records',
  ): Row[] {
    const { condition, values } = compose(scope);
    const statement = `SELECT ${columns} FROM ${from} WHERE ${condition} ${rest}`;
    return database.prepare(statement).all({ ...values, ...given }) as Row[];
  }

  return {
    add: (memory, record) => void addition.run({ memory, ...record }),
    change: (record) => void change.run({ ...record }),
    get(memory, id) {
      const row = byId.get({ memory, id }) as unknown as NumberedRecord | undefined;
      if (!row) return undefined;
      const { number: _, ...record } = row;
      return record;
    },
    remove: (id) => void removal.run({ id }),
    list: (scope, before, limit) =>
      select(ROW, scope, 'AND number < :before ORDER BY number DESC LIMIT :limit', {
        before,
        limit,
      }),
    having: (word, scope) =>
      select(
        'number, -bm25(words) AS weight',
        scope,
        'AND words MATCH :word',
        { word: quoted(word) },
        'words CROSS JOIN records ON number = words.rowid',
      ),
    forms(word, number) {
      const { text = '' } = (marked.get({ word: quoted(word), number }) ?? {}) as { text?: string };
      const forms = text.split(BEGINS).slice(1);
      return [...new Set(forms.map((form) => form.split(ENDS, 1)[0]!))];
    },
    isIn: (number, scope) => select('1', scope, 'AND number = :number', { number }).length > 0,
    count: (scope) => select<{ total: number }>('count(*) AS total', scope, '')[0]!.total,
    numbered: (numbers) => byNumbers.all({ numbers: JSON.stringify(numbers) }) as never,
  };
}

/** In quotes it is a word, whatever it would mean in a search's syntax. */
function quoted(word: string): string {
  return `"${word}"`;
}

function compose({ memory, namespace, below, strategy, conditions }: RecordScope): {
  condition: string;
  values: Record<string, SQLInputValue>;
} {
  const values: Record<string, SQLInputValue> = {};
  const bind = (value: SQLInputValue): string => {
    const name = `v${Object.keys(values).length}`;
    values[name] = value;
    return `:${name}`;
  };
  const clauses = [`memory = ${bind(memory)}`, place(namespace, below, bind)];
  if (strategy !== undefined) clauses.push(`strategy = ${bind(strategy)}`);
  for (const condition of conditions) clauses.push(clauseOf(condition, bind));
  return { condition: clauses.join(' AND '), values };
}

function place(namespace: string | null, below: boolean, bind: (value: string) => string): string {
  if (namespace === null) return 'TRUE';
  if (!below) return `namespace = ${bind(namespace)}`;
  const path = namespace.replace(/\/+$/, '');
  // All that begins with the path and a slash is before the path and what follows the slash: a zero.
  return `(namespace = ${bind(path)}
    OR (namespace >= ${bind(`${path}/`)} AND namespace < ${bind(`${path}0`)}))`;
}

function clauseOf(condition: RecordCondition, bind: (value: SQLInputValue) => string): string {
  const { key } = condition;
  const column = BUILT_IN_KEYS.get(key);
  if (column !== undefined && 'than' in condition) {
    return `${column} ${condition.is} ${bind(Number(condition.than))}`;
  }
  if (column !== undefined) return condition.is === 'present' ? 'TRUE' : 'FALSE';
  const having = (test: string) =>
    `EXISTS (SELECT 1 FROM json_each(metadata) AS m WHERE m.key = ${bind(key)}${test})`;
  if ('values' in condition) {
    return condition.values
      .map((value) =>
        having(` AND EXISTS (
          SELECT 1 FROM json_each(m.value, '$.stringListValue') WHERE value = ${bind(value)})`),
      )
      .join(' AND ');
  }
  if (!('than' in condition)) return condition.is === 'present' ? having('') : `NOT ${having('')}`;
  const { is, than } = condition;
  // Dates are kept as ISO-8601, which sorts as they do.
  const value = than instanceof Date ? than.toISOString() : than;
  return having(` AND json_extract(m.value, '$.${memberOf(than)}') ${is} ${bind(value)}`);
}

function memberOf(than: string | number | Date): string {
  if (than instanceof Date) return 'dateTimeValue';
  return typeof than === 'number' ? 'numberValue' : 'stringValue';
}
