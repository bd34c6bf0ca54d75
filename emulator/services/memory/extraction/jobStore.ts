import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { EventSession } from '../eventSession.ts';
import type { PendingEvent } from './extractionQueue.ts';

/** An extraction that failed, for one strategy; times are milliseconds. */
export interface ExtractionJob extends EventSession {
  readonly number: number;
  readonly id: string;
  readonly strategy: string;
  /** The values of its memory's own namespace variables, JSON. */
  readonly variables: string;
  /** Null from when it is started again until it fails again. */
  readonly reason: string | null;
}

/** What a job is to extract: a part of it is an event, unless it was ingested without one. */
export interface JobPart {
  readonly eventId: string | null;
  readonly payload: string;
  /** When it was said. */
  readonly at: number;
  readonly metadata: string | null;
}

/** What is wanted of the jobs that failed. */
export interface JobFilter {
  readonly strategyId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly actorId?: string | undefined;
}

/** The jobs that failed and were not yet done again. */
export interface ExtractionJobStore {
  add(job: Omit<ExtractionJob, 'number' | 'id'>, parts: readonly PendingEvent[]): void;
  /** Those that have failed, the newest first, before a number. */
  failed(memory: string, filter: JobFilter, before: number, limit: number): ExtractionJob[];
  get(memory: string, id: string): ExtractionJob | undefined;
  /** In the order of their time. */
  parts(job: ExtractionJob): JobPart[];
  /** Those of its strategy in its session that failed before it are started with it. */
  start(job: ExtractionJob): ExtractionJob[];
  /** What was started when the emulator ended. */
  started(): ExtractionJob[];
  /** Whether it is still there. */
  fail(job: ExtractionJob, reason: string): boolean;
  remove(job: ExtractionJob): boolean;
}

const ROW = 'number, id, memory, actor, session, strategy, variables, reason';
// A job of which all events were deleted has nothing to extract.
const HAS_PARTS = 'EXISTS (SELECT 1 FROM job_parts WHERE job = number)';

/** The jobs in a database. */
export function createExtractionJobStore(database: DatabaseSync): ExtractionJobStore {
  const addition = database.prepare(
    `INSERT INTO jobs (id, memory, actor, session, strategy, variables, reason)
     VALUES (:id, :memory, :actor, :session, :strategy, :variables, :reason) RETURNING number`,
  );
  // It may have been deleted while it was read.
  const eventPart = database.prepare(
    'INSERT INTO job_parts (job, event) SELECT :job, number FROM events WHERE number = :number',
  );
  const ingestedPart = database.prepare(
    'INSERT INTO job_parts (job, payload, at) VALUES (:job, :payload, :at)',
  );
  const byId = database.prepare(
    `SELECT ${ROW} FROM jobs WHERE memory = :memory AND id = :id AND reason IS NOT NULL AND ${HAS_PARTS}`,
  );
  const parts = database.prepare(
    `SELECT id AS eventId, coalesce(p.payload, e.payload) AS payload, coalesce(p.at, e.at) AS at,
       metadata
     FROM job_parts AS p LEFT JOIN events AS e ON e.number = p.event
     WHERE job = :job ORDER BY p.rowid`,
  );
  const start = database.prepare(
    `UPDATE jobs SET reason = NULL WHERE memory = :memory AND actor = :actor
       AND session = :session AND strategy = :strategy AND number <= :number RETURNING ${ROW}`,
  );
  const started = database.prepare(`SELECT ${ROW} FROM jobs WHERE reason IS NULL ORDER BY number`);
  const failure = database.prepare('UPDATE jobs SET reason = :reason WHERE number = :number');
  const removal = database.prepare('DELETE FROM jobs WHERE number = :number');

  return {
    add({ memory, actor, session, strategy, variables, reason }, all) {
      const job = { memory, actor, session, strategy, variables, reason };
      const { number } = addition.get({ id: randomUUID(), ...job }) as { number: number };
      for (const { source, number: event, payload, at } of all) {
        if (source === 'event') eventPart.run({ job: number, number: event });
        else ingestedPart.run({ job: number, payload, at });
      }
    },
    failed(memory, { strategyId, sessionId, actorId }, before, limit) {
      const clauses = ['memory = :memory', 'reason IS NOT NULL', 'number < :before', HAS_PARTS];
      const values: Record<string, SQLInputValue> = { memory, before, limit };
      for (const [column, value] of [
        ['strategy', strategyId],
        ['session', sessionId],
        ['actor', actorId],
      ] as const) {
        if (value === undefined) continue;
        clauses.push(`${column} = :${column}`);
        values[column] = value;
      }
      const sql = `SELECT ${ROW} FROM jobs WHERE ${clauses.join(' AND ')} ORDER BY number DESC LIMIT :limit`;
      return database.prepare(sql).all(values) as never;
    },
    get: (memory, id) => byId.get({ memory, id }) as never,
    parts: ({ number }) => parts.all({ job: number }) as never,
    start: ({ memory, actor, session, strategy, number }) =>
      (
        start.all({ memory, actor, session, strategy, number }) as unknown as ExtractionJob[]
      ).toSorted((one, other) => one.number - other.number),
    started: () => started.all() as never,
    fail: ({ number }, reason) => failure.run({ number, reason }).changes > 0,
    remove: ({ number }) => removal.run({ number }).changes > 0,
  };
}
