import type { DatabaseSync } from 'node:sqlite';
import type { Conversation } from '../eventStore.ts';
import type { RecordRow, RecordStore } from '../recordStore.ts';
import type { Change } from './consolidation.ts';
import type { KnownInsight } from './extractor.ts';
import type { Labels } from './labels.ts';

/** A session of which something is still to be extracted, and when its events were accepted. */
export interface PendingSession extends Conversation {
  readonly first: number;
  readonly last: number;
}

/** An event, or what was ingested without one, of which nothing has been extracted yet. */
export interface Pending {
  readonly source: 'event' | 'ingested';
  readonly number: number;
  readonly payload: string;
  /** An event's own, JSON. */
  readonly metadata: string | null;
  /** The values of its memory's own namespace variables, JSON. */
  readonly variables: string;
}

/** What is to be remembered without being kept as an event; times are milliseconds. */
export interface Ingested extends Pick<Pending, 'payload' | 'variables'> {
  readonly at: number;
  readonly acceptedAt: number;
}

/** Where insights are kept, and with which labels. */
export interface Place {
  readonly namespace: string;
  readonly strategy: string;
  readonly keys: readonly string[];
  readonly labels: Labels;
}

/** What is still to be extracted, and what records know of what was. */
export interface Ledger {
  sessions(): PendingSession[];
  /** In the order of their time. */
  pending(conversation: Conversation): Pending[];
  /** Keeps what is to be extracted and is no event, until it has been. */
  ingest(conversation: Conversation, content: Ingested): void;
  /** Strikes out; whether any of it was still to be extracted. */
  settle(pending: readonly Pending[]): boolean;
  /** What is kept with these labels and no other values of their keys. */
  known(memory: string, place: Place): KnownInsight[];
  /** Carries out a change; `record` is what a new record has apart from its text. */
  apply(memory: string, change: Change, record: Omit<RecordRow, 'text'>): void;
}

const HERE = 'memory = :memory AND actor = :actor AND session = :session';

/** The ledger in a database. */
export function createLedger(database: DatabaseSync, records: RecordStore): Ledger {
  const sessions = database.prepare(
    `SELECT memory, actor, session, min(accepted_at) AS first, max(accepted_at) AS last
     FROM (
       SELECT memory, actor, session, accepted_at FROM pending JOIN events ON number = event
       UNION ALL SELECT memory, actor, session, accepted_at FROM ingested
     ) GROUP BY memory, actor, session`,
  );
  const pending = database.prepare(
    `SELECT 'event' AS source, number, payload, metadata, variables, at, accepted_at
     FROM pending JOIN events ON number = event WHERE ${HERE}
     UNION ALL SELECT 'ingested', number, payload, NULL, variables, at, accepted_at
     FROM ingested WHERE ${HERE} ORDER BY at, accepted_at, number`,
  );
  const ingestion = database.prepare(
    `INSERT INTO ingested (memory, actor, session, at, accepted_at, payload, variables)
     VALUES (:memory, :actor, :session, :at, :acceptedAt, :payload, :variables)`,
  );
  const settlements = {
    event: database.prepare('DELETE FROM pending WHERE event = :number'),
    ingested: database.prepare('DELETE FROM ingested WHERE number = :number'),
  };
  const known = database.prepare(
    `SELECT id, subject, gist, text, metadata FROM insights JOIN records ON number = record
     WHERE memory = :memory AND namespace = :namespace AND strategy = :strategy`,
  );
  const insight = database.prepare(
    `INSERT INTO insights SELECT number, :subject, :gist FROM records WHERE id = :id
     ON CONFLICT (record) DO UPDATE SET gist = excluded.gist`,
  );

  return {
    sessions: () => sessions.all() as never,
    pending: ({ memory, actor, session }) => pending.all({ memory, actor, session }) as never,
    ingest: ({ memory, actor, session }, content) =>
      void ingestion.run({ memory, actor, session, ...content }),
    settle: (all) =>
      all.filter(({ source, number }) => settlements[source].run({ number }).changes > 0).length >
      0,
    known(memory, { namespace, strategy, keys, labels }) {
      const all = known.all({ memory, namespace, strategy }) as unknown as KeptInsight[];
      return all.filter(({ metadata }) =>
        keys.every((key) => valueOf(metadata, key) === labels[key]),
      );
    },
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

interface KeptInsight extends KnownInsight {
  readonly metadata: string | null;
}

function valueOf(metadata: string | null, key: string): string | undefined {
  const values = JSON.parse(metadata ?? '{}') as Record<string, { readonly stringValue?: string }>;
  return values[key]?.stringValue;
}
