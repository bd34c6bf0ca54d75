import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { BranchStore } from './branchStore.ts';
import { atomically } from './database.ts';
import type { EventSession } from './eventSession.ts';

/** One event as it is kept; times are milliseconds, payload and metadata JSON. */
export interface EventRow {
  readonly id: string;
  readonly at: number;
  readonly branch: string;
  readonly root: string | null;
  /** Null where it was not asked for. */
  readonly payload: string | null;
  readonly metadata: string | null;
}

/** An event to be kept. */
export interface NewEvent extends Omit<EventRow, 'id' | 'payload'> {
  readonly payload: string;
  readonly acceptedAt: number;
  readonly token: string | null;
  /** The values of namespace variables, JSON, where it is to be extracted; null where it is not. */
  readonly variables: string | null;
}

/** A contiguous part of a branch: all of its events up to and including one of them. */
export interface EventRange {
  readonly branch: string;
  /** The id of the last event of the range, or null for no upper bound. */
  readonly upTo: string | null;
}

/** What of a session's events is wanted, the newest first. */
export interface EventQuery {
  /** Null for those of all branches. */
  readonly stretches: readonly EventRange[] | null;
  readonly conditions: readonly MetadataCondition[];
  /** Only those that were accepted after this moment. */
  readonly acceptedAfter: number;
  /** Only those before this id. */
  readonly before: string | undefined;
  readonly withPayload: boolean;
  readonly limit: number;
}

/** What a filter says of one key of an event's metadata. */
export type MetadataCondition =
  | { readonly key: string; readonly is: 'present' | 'absent' }
  | { readonly key: string; readonly is: 'equal'; readonly value: string };

/** The events of all memories. */
export interface EventStore {
  /**
   * Keeps an event, and its session and its branch if it is the first of them. Whatever else had its
   * token has expired. Gives back its id.
   */
  add(conversation: EventSession, event: NewEvent): string;
  /** An id by which an event is newer than all of its session that have its time; its number is this or more. */
  newestId(conversation: EventSession, at: number, number: number): string;
  /** Keeps an event that has its id already; whether it is new. Its transaction is the caller's. */
  restore(conversation: EventSession, event: NewEvent & Pick<EventRow, 'id'>): boolean;
  /** The event that came with a client token, and where it is. */
  withToken(
    memory: string,
    token: string,
    acceptedAfter: number,
  ): (EventRow & EventSession) | undefined;
  get(conversation: EventSession, id: string, acceptedAfter: number): EventRow | undefined;
  list(conversation: EventSession, query: EventQuery): EventRow[];
  /** Whether there was one to remove. */
  remove(conversation: EventSession, id: string): boolean;
  /** Whether an event of this id is in another session of the memory. */
  isKnown(conversation: EventSession, id: string): boolean;
  /** Actors in the order of their names, after a given one. */
  actors(memory: string, seen: number, after: string, limit: number): string[];
  /** Sessions of an actor in the order of their names, after a given one. */
  sessions(
    of: { readonly memory: string; readonly actor: string },
    choice: { readonly seen: number; readonly withEvents: boolean },
    after: string,
    limit: number,
  ): { readonly session: string; readonly createdAt: number }[];
  /** Removes what a memory accepted at this moment or before. */
  expire(memory: string, acceptedAt: number): void;
}

const ROW = 'id, at, branch, root, payload, metadata';
const HERE = 'memory = :memory AND actor = :actor AND session = :session';
/** Of sessions `s`: what has expired is gone at that moment, not when it is removed. */
export const NOT_EXPIRED = `(created_at > :seen OR EXISTS (
  SELECT 1 FROM events AS e WHERE e.memory = s.memory AND e.actor = s.actor
    AND e.session = s.session AND +e.accepted_at > :seen))`;

/** The events in a database. */
export function createEventStore(
  database: DatabaseSync,
  branches: Pick<BranchStore, 'begin'>,
): EventStore {
  const addSession = database.prepare(
    'INSERT OR IGNORE INTO sessions VALUES (:memory, :actor, :session, :createdAt)',
  );
  const addEvent = database.prepare(
    `INSERT INTO events (memory, actor, session, id, at, accepted_at, branch, root, payload, metadata, token)
     VALUES (:memory, :actor, :session, :id, :at, :acceptedAt, :branch, :root, :payload, :metadata, :token)
     ON CONFLICT (memory, actor, session, id) DO NOTHING RETURNING number`,
  );
  // What was taken in from elsewhere has numbers of its own.
  const latestId = database.prepare(
    `SELECT max(id) AS id FROM events WHERE ${HERE} AND id > :from AND id < :to`,
  );
  const addPending = database.prepare('INSERT INTO pending VALUES (:number, :variables)');
  const nameEvent = database.prepare('UPDATE events SET id = :id WHERE number = :number');
  const byToken = database.prepare(
    `SELECT memory, actor, session, ${ROW} FROM events
     WHERE memory = :memory AND token = :token AND accepted_at > :acceptedAfter`,
  );
  const tokenRemoval = database.prepare(
    'DELETE FROM events WHERE memory = :memory AND token = :token',
  );
  const byId = database.prepare(
    `SELECT ${ROW} FROM events WHERE ${HERE} AND id = :id AND accepted_at > :acceptedAfter`,
  );
  const removal = database.prepare(`DELETE FROM events WHERE ${HERE} AND id = :id`);
  const known = database.prepare(
    `SELECT 1 FROM events WHERE memory = :memory AND id = :id AND NOT (${HERE})`,
  );
  const actors = database.prepare(
    `SELECT DISTINCT actor FROM sessions AS s
     WHERE memory = :memory AND actor > :after AND ${NOT_EXPIRED} ORDER BY actor LIMIT :limit`,
  );
  const sessionsOf = (condition: string) =>
    database.prepare(
      `SELECT session, created_at AS createdAt FROM sessions AS s
       WHERE memory = :memory AND actor = :actor AND session > :after AND ${condition}
       ORDER BY session LIMIT :limit`,
    );
  const allSessions = sessionsOf(NOT_EXPIRED);
  const sessionsWithEvents = sessionsOf(NOT_EXPIRED.replace('created_at > :seen OR ', ''));
  const expiry = database.prepare(
    'DELETE FROM events WHERE memory = :memory AND accepted_at <= :acceptedAt',
  );
  const emptied = database.prepare(
    `DELETE FROM sessions AS s WHERE memory = :memory AND created_at <= :acceptedAt AND NOT EXISTS (
       SELECT 1 FROM events AS e
       WHERE e.memory = s.memory AND e.actor = s.actor AND e.session = s.session)`,
  );

  function newestId(here: EventSession, at: number, number: number): string {
    const { id } = latestId.get({ ...here, ...eventIdRange(at) }) as {
      id: string | null;
    };
    if (id === null) return eventId(at, number);
    const next = Number.parseInt(id.slice(id.indexOf('#') + 1), 16) + 1;
    if (next < NUMBERS) return eventId(at, Math.max(number, next));
    // The last number of this time was taken in from elsewhere: it stays the newest.
    let free = number;
    while (byId.get({ ...here, id: eventId(at, free), acceptedAfter: -Infinity })) free += 1;
    return eventId(at, free);
  }

  return {
    add({ memory, actor, session }, { acceptedAt, variables, ...event }) {
      const here = { memory, actor, session };
      return atomically(database, () => {
        addSession.run({ ...here, createdAt: acceptedAt });
        if (event.token !== null) tokenRemoval.run({ memory, token: event.token });
        if (event.root !== null) branches.begin(here, event.branch, event.root);
        const { number } = addEvent.get({ ...here, id: '', acceptedAt, ...event }) as {
          number: number;
        };
        const id = newestId(here, event.at, number);
        nameEvent.run({ id, number });
        if (variables !== null) addPending.run({ number, variables });
        return id;
      });
    },
    newestId,
    restore({ memory, actor, session }, { acceptedAt, variables, ...event }) {
      const here = { memory, actor, session };
      addSession.run({ ...here, createdAt: acceptedAt });
      if (event.root !== null) branches.begin(here, event.branch, event.root);
      const added = addEvent.get({ ...here, acceptedAt, ...event });
      if (added && variables !== null) addPending.run({ number: added['number']!, variables });
      return added !== undefined;
    },
    withToken: (memory, token, acceptedAfter) =>
      byToken.get({ memory, token, acceptedAfter }) as never,
    get: (here, id, acceptedAfter) => byId.get({ ...here, id, acceptedAfter }) as never,
    list(here, query) {
      const { sql, values } = compose(query);
      return database.prepare(sql).all({ ...here, ...values }) as never;
    },
    remove: (here, id) => removal.run({ ...here, id }).changes > 0,
    isKnown: (here, id) => known.get({ ...here, id }) !== undefined,
    actors: (memory, seen, after, limit) =>
      actors.all({ memory, seen, after, limit }).map(({ actor }) => actor as string),
    sessions(of, { seen, withEvents }, after, limit) {
      const statement = withEvents ? sessionsWithEvents : allSessions;
      return statement.all({ ...of, seen, after, limit }) as never;
    },
    expire(memory, acceptedAt) {
      atomically(database, () => {
        expiry.run({ memory, acceptedAt });
        emptied.run({ memory, acceptedAt });
      });
    },
  };
}

/** How many numbers eight digits have. */
const NUMBERS = 2 ** 32;

/** Nineteen digits of time and eight of the order of acceptance, as the service's ids look. */
export function eventId(at: number, number: number): string {
  return `${String(at).padStart(19, '0')}#${(number % NUMBERS).toString(16).padStart(8, '0')}`;
}

/** What the ids of a moment are between. */
export function eventIdRange(at: number): { from: string; to: string } {
  const [time] = eventId(at, 0).split('#');
  return { from: `${time}#`, to: `${time}$` };
}

// They are digits.
const AFTER_ALL_IDS = '~';

/** Since all ids are of one length, nothing but an id itself is between it and this. */
const justAfter = (id: string) => `${id} `;

function compose(query: EventQuery): { sql: string; values: Record<string, SQLInputValue> } {
  const { stretches, conditions, acceptedAfter, withPayload, limit } = query;
  const { before = AFTER_ALL_IDS } = query;
  const values: Record<string, SQLInputValue> = { acceptedAfter, limit };
  const bind = (value: SQLInputValue): string => {
    const name = `v${Object.keys(values).length}`;
    values[name] = value;
    return `:${name}`;
  };
  // With the plus the index of acceptance is left alone: nearly all of a session has been accepted
  // after that moment, and would be sorted for each page.
  const clauses = [HERE, '+accepted_at > :acceptedAfter'];
  for (const condition of conditions) {
    const value =
      condition.is === 'equal'
        ? ` AND json_extract(value, '$.stringValue') = ${bind(condition.value)}`
        : '';
    const found = `EXISTS (SELECT 1 FROM json_each(metadata) WHERE key = ${bind(condition.key)}${value})`;
    clauses.push(condition.is === 'absent' ? `NOT ${found}` : found);
  }
  const columns = withPayload ? ROW : ROW.replace('payload', 'NULL AS payload');
  const where = clauses.join(' AND ');
  const newest = 'ORDER BY id DESC LIMIT :limit';
  if (stretches === null) {
    const sql = `SELECT ${columns} FROM events WHERE ${where} AND id < ${bind(before)} ${newest}`;
    return { sql, values };
  }
  const bounded = stretches.map(({ branch, upTo }) => {
    const end = justAfter(upTo ?? before);
    return { branch, before: end < before ? end : before };
  });
  // Of each stretch the newest, from the index of branches, however many stretches there are.
  const sql = `SELECT ${columns}
    FROM (SELECT value AS stretch FROM json_each(${bind(JSON.stringify(bounded))}))
    CROSS JOIN events WHERE number IN (
      SELECT number FROM events INDEXED BY branches
      WHERE ${where} AND branch = stretch ->> 'branch' AND id < stretch ->> 'before' ${newest})
    ${newest}`;
  return { sql, values };
}
