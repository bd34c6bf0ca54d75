import type { DatabaseSync } from 'node:sqlite';
import type { EventSession } from '../eventSession.ts';
import type { RecordRow, RecordStore } from '../recordStore.ts';
import type { RecordChange } from './consolidation.ts';
import type { KnownInsights, KnownInsight } from './extractor.ts';
import type { MetadataLabels } from './labels.ts';

/** A session of which something is still to be extracted, and when its events were accepted. */
export interface PendingSession extends EventSession {
  readonly first: number;
  readonly last: number;
}

/** An event, or what was ingested without one, of which nothing has been extracted yet. */
export interface PendingEvent {
  readonly source: 'event' | 'ingested';
  readonly number: number;
  readonly payload: string;
  /** When it was said. */
  readonly at: number;
  /** An event's own, JSON. */
  readonly metadata: string | null;
  /** The values of its memory's own namespace variables, JSON. */
  readonly variables: string;
}

/** What is to be remembered without being kept as an event; times are milliseconds. */
export interface IngestedContent extends Pick<PendingEvent, 'payload' | 'variables' | 'at'> {
  readonly acceptedAt: number;
}

/** Where insights are kept, and with which labels. */
export interface InsightLocation {
  readonly namespace: string;
  readonly strategy: string;
  readonly keys: readonly string[];
  readonly labels: MetadataLabels;
}

/** What is still to be extracted, and what records know of what was. */
export interface ExtractionQueue {
  sessions(): PendingSession[];
  /** In the order of their time, the first of them. */
  pending(conversation: EventSession): PendingEvent[];
  /** Keeps what is to be extracted and is no event, until it has been. */
  ingest(conversation: EventSession, content: IngestedContent): void;
  /** Strikes out; whether any of it was still to be extracted. */
  settle(pending: readonly PendingEvent[]): boolean;
  /** What is kept with these labels and no other values of their keys. */
  known(memory: string, place: InsightLocation): KnownInsights;
  /** Carries out a change; `record` is what a new record has apart from its text. */
  apply(memory: string, change: RecordChange, record: Omit<RecordRow, 'text'>): void;
}

/** What is read together at most: others are answered between one portion and the next. */
const PORTION = 50;

const HERE = 'memory = :memory AND actor = :actor AND session = :session';

/** The ledger in a database. */
export function createExtractionQueue(
  database: DatabaseSync,
  records: RecordStore,
): ExtractionQueue {
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
     FROM ingested WHERE ${HERE} ORDER BY at, accepted_at, number LIMIT ${PORTION}`,
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
    `SELECT id, gist, at, metadata FROM insights AS i JOIN records ON number = record
     WHERE i.namespace = :namespace AND subject = :subject AND memory = :memory
       AND strategy = :strategy`,
  );
  const insight = database.prepare(
    `INSERT INTO insights (record, subject, gist, at, namespace)
     SELECT number, :subject, :gist, :at, namespace FROM records WHERE id = :id
     ON CONFLICT (record) DO UPDATE SET gist = excluded.gist, at = excluded.at`,
  );
  const repetition = database.prepare(
    'UPDATE insights SET at = :at WHERE record = (SELECT number FROM records WHERE id = :id)',
  );

  return {
    sessions: () => sessions.all() as never,
    pending: ({ memory, actor, session }) => pending.all({ memory, actor, session }) as never,
    ingest: ({ memory, actor, session }, content) =>
      void ingestion.run({ memory, actor, session, ...content }),
    settle: (all) =>
      all.filter(({ source, number }) => settlements[source].run({ number }).changes > 0).length >
      0,
    known: (memory, { namespace, strategy, keys, labels }) => {
      const wanted = new Map(Object.entries(labels));
      return (subject) =>
        (known.all({ memory, namespace, strategy, subject }) as unknown as KeptInsight[]).find(
          ({ metadata }) => keys.every((key) => valueOf(metadata, key) === wanted.get(key)),
        );
    },
    apply(memory, change, record) {
      if (change.type === 'repeat') {
        repetition.run({ id: change.id, at: change.at });
        return;
      }
      const { subject, gist, text, at } = change.insight;
      const id = change.type === 'add' ? record.id : change.id;
      const present = change.type === 'add' ? undefined : records.get(memory, id);
      if (present) records.change({ ...present, text, updatedAt: record.updatedAt });
      else records.add(memory, { ...record, id, text });
      insight.run({ id, subject, gist, at });
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
