import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { EventSession } from '../eventSession.ts';
import { eventIdRange, type EventRow } from '../eventStore.ts';

/** What makes two events the same where a line gives no id. */
type Content = Pick<EventRow, 'at' | 'branch' | 'payload' | 'metadata'>;

/** The events that were there before an import and that none of its lines has met yet. */
export interface UnmatchedEvents {
  /** Whether there was one of this content; it is met by this, so that the same line again is another event. */
  meet(conversation: EventSession, event: Content, acceptedAfter: number): boolean;
}

/** In tables that end with the connection: a moment may have any number of events. */
export function createUnmatchedEvents(database: DatabaseSync): UnmatchedEvents {
  database.exec(`
    CREATE TEMP TABLE moments (digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TEMP TABLE unmet (place INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT;
    CREATE INDEX temp.unmet_digests ON unmet (digest);
  `);
  const addMoment = database.prepare('INSERT OR IGNORE INTO moments VALUES (:digest)');
  const ofMoment = database.prepare(
    `SELECT branch, payload, metadata FROM events
     WHERE memory = :memory AND actor = :actor AND session = :session
       AND id > :from AND id < :to AND +accepted_at > :acceptedAfter ORDER BY id`,
  );
  const add = database.prepare('INSERT INTO unmet (digest) VALUES (:digest)');
  const take = database.prepare(
    `DELETE FROM unmet WHERE place =
       (SELECT place FROM unmet WHERE digest = :digest ORDER BY place LIMIT 1)`,
  );

  return {
    meet({ memory, actor, session }, { at, ...event }, acceptedAfter) {
      const moment = [memory, actor, session, at];
      const contentOf = ({ branch, payload, metadata }: Omit<Content, 'at'>) =>
        digestOf([...moment, branch, payload, metadata]);
      if (addMoment.run({ digest: digestOf(moment) }).changes > 0) {
        const place = { memory, actor, session, ...eventIdRange(at), acceptedAfter };
        for (const present of ofMoment.iterate(place)) {
          add.run({ digest: contentOf(present as never) });
        }
      }
      return take.run({ digest: contentOf(event) }).changes > 0;
    },
  };
}

function digestOf(parts: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
