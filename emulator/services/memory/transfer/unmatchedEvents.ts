import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { EventSession } from '../eventSession.ts';
import { eventIdRange, type EventRow } from '../eventStore.ts';

/** The members that identify an existing event equal to one without an id. */
type Content = Pick<EventRow, 'at' | 'branch' | 'payload' | 'metadata'>;

/** Events that existed before an import and that none of its lines has matched yet. */
export interface UnmatchedEvents {
  /** Matches an event with equal content and consumes it, so that an equal line later in the file is another event. */
  match(location: EventSession, event: Content, acceptedAfter: number): boolean;
}

/** Uses temporary tables, because any number of events can have the same time. */
export function createUnmatchedEvents(database: DatabaseSync): UnmatchedEvents {
  database.exec(`
    CREATE TEMP TABLE loaded_times (digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TEMP TABLE unmatched (position INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT;
    CREATE INDEX temp.unmatched_digests ON unmatched (digest);
  `);
  const insertTime = database.prepare('INSERT OR IGNORE INTO loaded_times VALUES (:digest)');
  const selectByTime = database.prepare(
    `SELECT branch, payload, metadata FROM events
     WHERE memory = :memory AND actor = :actor AND session = :session
       AND id > :from AND id < :to AND +accepted_at > :acceptedAfter ORDER BY id`,
  );
  const insertUnmatched = database.prepare('INSERT INTO unmatched (digest) VALUES (:digest)');
  const deleteFirst = database.prepare(
    `DELETE FROM unmatched WHERE position =
       (SELECT position FROM unmatched WHERE digest = :digest ORDER BY position LIMIT 1)`,
  );

  return {
    match({ memory, actor, session }, { at, ...event }, acceptedAfter) {
      const timeKey = [memory, actor, session, at];
      const contentDigest = ({ branch, payload, metadata }: Omit<Content, 'at'>) =>
        digest([...timeKey, branch, payload, metadata]);
      if (insertTime.run({ digest: digest(timeKey) }).changes > 0) {
        const query = { memory, actor, session, ...eventIdRange(at), acceptedAfter };
        for (const existing of selectByTime.iterate(query)) {
          insertUnmatched.run({ digest: contentDigest(existing as never) });
        }
      }
      return deleteFirst.run({ digest: contentDigest(event) }).changes > 0;
    },
  };
}

function digest(parts: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
