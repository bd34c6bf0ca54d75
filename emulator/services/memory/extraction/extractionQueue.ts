import type { DatabaseSync } from 'node:sqlite';
import type { EventSession } from '../eventSession.ts';
import type { Clock } from '../../../clock.ts';
import { recordExpiry, type RecordRow, type RecordStore } from '../recordStore.ts';
import { RECORD_NOT_EXPIRED } from '../scopeCondition.ts';
import type { RecordChange } from './consolidation.ts';
import type { KnownInsights, KnownInsight, NamedInsight } from './extractor.ts';
import type { MetadataLabels } from './labels.ts';

/** A session with pending content, and the times at which its first and last content was accepted. */
export interface PendingSession extends EventSession {
  readonly first: number;
  readonly last: number;
}

/** An event or ingested content that waits for extraction. */
export interface PendingEvent {
  readonly source: 'event' | 'ingested';
  readonly number: number;
  readonly payload: string;
  /** The time of the content, in milliseconds. */
  readonly at: number;
  /** Metadata of an event, as JSON. */
  readonly metadata: string | null;
  /** The namespace variables, as JSON. */
  readonly variables: string;
}

/** Content to extract without storing an event. Times are in milliseconds. */
export interface IngestedContent extends Pick<PendingEvent, 'payload' | 'variables' | 'at'> {
  readonly acceptedAt: number;
}

/** The namespace, strategy and labels of insights. */
export interface InsightLocation {
  readonly namespace: string;
  readonly strategy: string;
  readonly keys: readonly string[];
  readonly labels: MetadataLabels;
}

/** Stores pending content and the insights of records. */
export interface ExtractionQueue {
  listSessions(): PendingSession[];
  /** Returns the oldest pending content of a session, up to a limit. */
  nextPortion(location: EventSession): PendingEvent[];
  /** Stores content until it has been extracted. */
  ingest(location: EventSession, content: IngestedContent): void;
  /** Removes pending content. Returns false when none of it was pending any more. */
  remove(pending: readonly PendingEvent[]): boolean;
  /** Returns a lookup of insights in records with exactly these labels. */
  knownInsights(memory: string, location: InsightLocation): KnownInsights;
  /** Returns the latest insights in records with exactly these labels, newest first. */
  listInsights(memory: string, location: InsightLocation, limit: number): NamedInsight[];
  /** Applies a change. `record` has the members of a new record except those of its insight. */
  apply(memory: string, change: RecordChange, record: Omit<RecordRow, 'text' | 'timestamp'>): void;
}

/** Maximum size of a portion. Other requests are served between portions. */
const PORTION_SIZE = 50;

const IN_SESSION = 'memory = :memory AND actor = :actor AND session = :session';

/** Creates the extraction queue of a database. */
export function createExtractionQueue(
  database: DatabaseSync,
  records: RecordStore,
  clock: Pick<Clock, 'now'>,
): ExtractionQueue {
  const selectSessions = database.prepare(
    `SELECT memory, actor, session, min(accepted_at) AS first, max(accepted_at) AS last
     FROM (
       SELECT memory, actor, session, accepted_at FROM pending JOIN events ON number = event
       UNION ALL SELECT memory, actor, session, accepted_at FROM ingested
     ) GROUP BY memory, actor, session`,
  );
  const selectPending = database.prepare(
    `SELECT 'event' AS source, number, payload, metadata, variables, at, accepted_at
     FROM pending JOIN events ON number = event WHERE ${IN_SESSION}
     UNION ALL SELECT 'ingested', number, payload, NULL, variables, at, accepted_at
     FROM ingested WHERE ${IN_SESSION} ORDER BY at, accepted_at, number LIMIT ${PORTION_SIZE}`,
  );
  const insertIngested = database.prepare(
    `INSERT INTO ingested (memory, actor, session, at, accepted_at, payload, variables)
     VALUES (:memory, :actor, :session, :at, :acceptedAt, :payload, :variables)`,
  );
  const deleteBySource = {
    event: database.prepare('DELETE FROM pending WHERE event = :number'),
    ingested: database.prepare('DELETE FROM ingested WHERE number = :number'),
  };
  const selectInsights = database.prepare(
    `SELECT id, gist, at, metadata FROM insights AS i JOIN records ON number = record
     WHERE i.namespace = :namespace AND subject = :subject AND memory = :memory
       AND strategy = :strategy AND ${RECORD_NOT_EXPIRED}`,
  );
  const selectLatest = database.prepare(
    `SELECT subject, gist, metadata FROM insights AS i JOIN records ON number = record
     WHERE i.namespace = :namespace AND memory = :memory AND strategy = :strategy
       AND ${RECORD_NOT_EXPIRED} ORDER BY i.at DESC, number DESC`,
  );
  const upsertInsight = database.prepare(
    `INSERT INTO insights (record, subject, gist, at, namespace)
     SELECT number, :subject, :gist, :at, namespace FROM records WHERE id = :id
     ON CONFLICT (record) DO UPDATE SET gist = excluded.gist, at = excluded.at`,
  );
  const updateTime = database.prepare(
    'UPDATE insights SET at = :at WHERE record = (SELECT number FROM records WHERE id = :id)',
  );

  return {
    listSessions: () => selectSessions.all() as never,
    nextPortion: ({ memory, actor, session }) =>
      selectPending.all({ memory, actor, session }) as never,
    ingest: ({ memory, actor, session }, content) =>
      void insertIngested.run({ memory, actor, session, ...content }),
    remove: (all) =>
      all.filter(({ source, number }) => deleteBySource[source].run({ number }).changes > 0)
        .length > 0,
    knownInsights: (memory, { namespace, strategy, keys, labels }) => {
      const matches = labelMatcher(keys, labels);
      return (subject) =>
        (
          selectInsights.all({
            memory,
            namespace,
            strategy,
            subject,
            now: clock.now(),
          }) as unknown as StoredInsight[]
        ).find(matches);
    },
    listInsights(memory, { namespace, strategy, keys, labels }, limit) {
      const matches = labelMatcher(keys, labels);
      const found: NamedInsight[] = [];
      const rows = selectLatest.iterate({ memory, namespace, strategy, now: clock.now() });
      for (const row of rows as unknown as Iterable<
        NamedInsight & Pick<StoredInsight, 'metadata'>
      >) {
        if (found.length === limit) break;
        if (matches(row)) found.push({ subject: row.subject, gist: row.gist });
      }
      return found;
    },
    apply(memory, change, record) {
      if (change.type === 'repeat') {
        updateTime.run({ id: change.id, at: change.at });
        return;
      }
      const { subject, gist, text, at } = change.insight;
      const id = change.type === 'add' ? record.id : change.id;
      const existing = change.type === 'add' ? undefined : records.get(memory, id);
      const content = { text, timestamp: at };
      if (existing) {
        const { updatedAt } = record;
        const expiry = recordExpiry(existing.expiryDays, updatedAt);
        records.update({ ...existing, ...content, ...expiry, updatedAt });
      } else {
        // A record that expired since the extraction still has the id.
        records.remove(id);
        records.add(memory, { ...record, ...content, id });
      }
      upsertInsight.run({ id, subject, gist, at });
    },
  };
}

interface StoredInsight extends KnownInsight {
  readonly metadata: string | null;
}

/** Returns a test for records with exactly these labels. */
function labelMatcher(keys: readonly string[], labels: MetadataLabels) {
  const expected = new Map(Object.entries(labels));
  return ({ metadata }: Pick<StoredInsight, 'metadata'>) =>
    keys.every((key) => readString(metadata, key) === expected.get(key));
}

function readString(metadata: string | null, key: string): string | undefined {
  const values = JSON.parse(metadata ?? '{}') as Record<string, { readonly stringValue?: string }>;
  return values[key]?.stringValue;
}
