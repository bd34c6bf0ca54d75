import type { DatabaseSync } from 'node:sqlite';
import type { Conversation } from '../eventStore.ts';
import type { RecordRow, RecordStore } from '../recordStore.ts';
import type { Change } from './consolidation.ts';
import type { KnownInsight } from './extractor.ts';

/** A session of which something is still to be extracted, and when its events were accepted. */
export interface PendingSession extends Conversation {
  readonly first: number;
  readonly last: number;
}

/** An event of which nothing has been extracted yet. */
export interface PendingEvent {
  readonly number: number;
  readonly payload: string;
  /** The values of its memory's own namespace variables, JSON. */
  readonly variables: string;
}

/** What is still to be extracted, and what records know of what was. */
export interface Ledger {
  sessions(): PendingSession[];
  /** In the order of their time. */
  pending(conversation: Conversation): PendingEvent[];
  /** Strikes events out; whether any of them was still to be extracted. */
  settle(numbers: readonly number[]): boolean;
  known(memory: string, namespace: string, strategy: string): KnownInsight[];
  /** Carries out a change; `record` is what a new record has apart from its text. */
  apply(memory: string, change: Change, record: Omit<RecordRow, 'text'>): void;
}

/** The ledger in a database. */
export function createLedger(database: DatabaseSync, records: RecordStore): Ledger {
  const sessions = database.prepare(
    `SELECT memory, actor, session, min(accepted_at) AS first, max(accepted_at) AS last
     FROM pending JOIN events ON number = event GROUP BY memory, actor, session`,
  );
  const pending = database.prepare(
    `SELECT number, payload, variables FROM pending JOIN events ON number = event
     WHERE memory = :memory AND actor = :actor AND session = :session ORDER BY id`,
  );
  const settled = database.prepare(
    'DELETE FROM pending WHERE event IN (SELECT value FROM json_each(:numbers))',
  );
  const known = database.prepare(
    `SELECT id, subject, gist, text FROM insights JOIN records ON number = record
     WHERE memory = :memory AND namespace = :namespace AND strategy = :strategy`,
  );
  const insight = database.prepare(
    `INSERT INTO insights SELECT number, :subject, :gist FROM records WHERE id = :id
     ON CONFLICT (record) DO UPDATE SET gist = excluded.gist`,
  );

  return {
    sessions: () => sessions.all() as never,
    pending: ({ memory, actor, session }) => pending.all({ memory, actor, session }) as never,
    settle: (numbers) => settled.run({ numbers: JSON.stringify(numbers) }).changes > 0,
    known: (memory, namespace, strategy) => known.all({ memory, namespace, strategy }) as never,
    apply(memory, change, record) {
      const { subject, gist, text } = change.insight;
      const id = change.type === 'add' ? record.id : change.id;
      const present = change.type === 'add' ? undefined : records.get(memory, id);
      if (present) records.change({ ...present, text, updatedAt: record.updatedAt });
      else records.add(memory, { ...record, id, text });
      insight.run({ id, subject, gist });
    },
  };
}
