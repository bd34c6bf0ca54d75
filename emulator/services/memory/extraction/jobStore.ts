import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { EventSession } from '../eventSession.ts';
import type { PendingEvent } from './extractionQueue.ts';

/** A failed extraction for one strategy. */
export interface ExtractionJob extends EventSession {
  readonly number: number;
  readonly id: string;
  readonly strategy: string;
  /** The namespace variables, as JSON. */
  readonly variables: string;
  /** The failure reason. Null while the job runs again. */
  readonly reason: string | null;
}

/** A part of the content of a job. Ingested content has no event id. */
export interface JobPart {
  readonly eventId: string | null;
  readonly payload: string;
  /** The time of the content, in milliseconds. */
  readonly at: number;
  readonly metadata: string | null;
}

/** Selects failed jobs. */
export interface JobFilter {
  readonly strategyId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly actorId?: string | undefined;
}

/** Stores failed jobs until they succeed. */
export interface ExtractionJobStore {
  add(job: Omit<ExtractionJob, 'number' | 'id'>, parts: readonly PendingEvent[]): void;
  /** Returns failed jobs with a lower number than `before`, newest first. */
  listFailed(memory: string, filter: JobFilter, before: number, limit: number): ExtractionJob[];
  get(memory: string, id: string): ExtractionJob | undefined;
  /** Returns the parts in order of time. */
  listParts(job: ExtractionJob): JobPart[];
  /** Marks a job and the earlier jobs of its session and strategy as running. Returns them in order. */
  restart(job: ExtractionJob): ExtractionJob[];
  /** Returns the jobs that were running when the emulator stopped. */
  listRestarted(): ExtractionJob[];
  /** Returns false when the job no longer exists. */
  markFailed(job: ExtractionJob, reason: string): boolean;
  remove(job: ExtractionJob): boolean;
}

const COLUMNS = 'number, id, memory, actor, session, strategy, variables, reason';
// A job whose events were all deleted has nothing to extract.
const HAS_PARTS = 'EXISTS (SELECT 1 FROM job_parts WHERE job = number)';

/** Creates the job store of a database. */
export function createExtractionJobStore(database: DatabaseSync): ExtractionJobStore {
  const insert = database.prepare(
    `INSERT INTO jobs (id, memory, actor, session, strategy, variables, reason)
     VALUES (:id, :memory, :actor, :session, :strategy, :variables, :reason) RETURNING number`,
  );
  // Inserts nothing when the event was deleted during the extraction.
  const insertEventPart = database.prepare(
    'INSERT INTO job_parts (job, event) SELECT :job, number FROM events WHERE number = :number',
  );
  const insertIngestedPart = database.prepare(
    'INSERT INTO job_parts (job, payload, at) VALUES (:job, :payload, :at)',
  );
  const selectById = database.prepare(
    `SELECT ${COLUMNS} FROM jobs WHERE memory = :memory AND id = :id AND reason IS NOT NULL AND ${HAS_PARTS}`,
  );
  const selectParts = database.prepare(
    `SELECT id AS eventId, coalesce(p.payload, e.payload) AS payload, coalesce(p.at, e.at) AS at,
       metadata
     FROM job_parts AS p LEFT JOIN events AS e ON e.number = p.event
     WHERE job = :job ORDER BY p.rowid`,
  );
  const updateRestarted = database.prepare(
    `UPDATE jobs SET reason = NULL WHERE memory = :memory AND actor = :actor
       AND session = :session AND strategy = :strategy AND number <= :number RETURNING ${COLUMNS}`,
  );
  const selectRestarted = database.prepare(
    `SELECT ${COLUMNS} FROM jobs WHERE reason IS NULL ORDER BY number`,
  );
  const updateFailed = database.prepare('UPDATE jobs SET reason = :reason WHERE number = :number');
  const deleteByNumber = database.prepare('DELETE FROM jobs WHERE number = :number');

  return {
    add({ memory, actor, session, strategy, variables, reason }, parts) {
      const job = { memory, actor, session, strategy, variables, reason };
      const { number } = insert.get({ id: randomUUID(), ...job }) as { number: number };
      for (const { source, number: event, payload, at } of parts) {
        if (source === 'event') insertEventPart.run({ job: number, number: event });
        else insertIngestedPart.run({ job: number, payload, at });
      }
    },
    listFailed(memory, { strategyId, sessionId, actorId }, before, limit) {
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
      const sql = `SELECT ${COLUMNS} FROM jobs WHERE ${clauses.join(' AND ')} ORDER BY number DESC LIMIT :limit`;
      return database.prepare(sql).all(values) as never;
    },
    get: (memory, id) => selectById.get({ memory, id }) as never,
    listParts: ({ number }) => selectParts.all({ job: number }) as never,
    restart: ({ memory, actor, session, strategy, number }) =>
      (
        updateRestarted.all({
          memory,
          actor,
          session,
          strategy,
          number,
        }) as unknown as ExtractionJob[]
      ).toSorted((left, right) => left.number - right.number),
    listRestarted: () => selectRestarted.all() as never,
    markFailed: ({ number }, reason) => updateFailed.run({ number, reason }).changes > 0,
    remove: ({ number }) => deleteByNumber.run({ number }).changes > 0,
  };
}
