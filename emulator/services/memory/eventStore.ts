import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { BranchStore } from './branchStore.ts';
import { atomically } from './database.ts';
import type { EventSession } from './eventSession.ts';

/** A stored event. Times are in milliseconds; payload and metadata are JSON. */
export interface EventRow {
  readonly id: string;
  readonly at: number;
  readonly branch: string;
  readonly root: string | null;
  /** Null when the query did not include payloads. */
  readonly payload: string | null;
  readonly metadata: string | null;
}

/** An event to store. */
export interface NewEvent extends Omit<EventRow, 'id' | 'payload'> {
  readonly payload: string;
  readonly acceptedAt: number;
  readonly token: string | null;
  /** The namespace variables as JSON, or null when nothing is extracted from the event. */
  readonly variables: string | null;
}

/** A contiguous part of a branch: all of its events up to and including one of them. */
export interface EventRange {
  readonly branch: string;
  /** The id of the last event of the range, or null for no upper bound. */
  readonly upTo: string | null;
}

/** Selects events of a session. The newest come first. */
export interface EventQuery {
  /** Null selects all branches. */
  readonly ranges: readonly EventRange[] | null;
  readonly conditions: readonly MetadataCondition[];
  /** Excludes events accepted at or before this time, which have expired. */
  readonly acceptedAfter: number;
  /** Excludes this id and newer ones. */
  readonly before: string | undefined;
  readonly includePayload: boolean;
  readonly limit: number;
}

/** A condition on one key of an event's metadata. */
export type MetadataCondition =
  | { readonly key: string; readonly is: 'present' | 'absent' }
  | { readonly key: string; readonly is: 'equal'; readonly value: string };

/** Stores the events of all memories. */
export interface EventStore {
  /**
   * Adds an event and, if needed, its session and branch. Removes an expired event with the same token.
   * Returns the id.
   */
  add(location: EventSession, event: NewEvent): string;
  /** Returns an id that sorts after all events of the session with this time. `number` is the lowest sequence number to use. */
  nextId(location: EventSession, at: number, number: number): string;
  /** Adds an event that already has an id. Returns false when the id exists. The caller opens the transaction. */
  addWithId(location: EventSession, event: NewEvent & Pick<EventRow, 'id'>): boolean;
  /** Returns the event that was created with a client token. */
  findByToken(
    memory: string,
    token: string,
    acceptedAfter: number,
  ): (EventRow & EventSession) | undefined;
  get(location: EventSession, id: string, acceptedAfter: number): EventRow | undefined;
  list(location: EventSession, query: EventQuery): EventRow[];
  /** Returns false when there is no such event. */
  remove(location: EventSession, id: string): boolean;
  /** True when another session of the memory has an event with this id. */
  isInOtherSession(location: EventSession, id: string): boolean;
  /** Returns actors in order of name, after a given one. */
  listActors(memory: string, expiryTime: number, after: string, limit: number): string[];
  /** Returns sessions of an actor in order of name, after a given one. */
  listSessions(
    owner: { readonly memory: string; readonly actor: string },
    options: { readonly expiryTime: number; readonly onlyWithEvents: boolean },
    after: string,
    limit: number,
  ): { readonly session: string; readonly createdAt: number }[];
  /** Removes the events that a memory accepted at or before this time, and the sessions left empty. */
  removeExpired(memory: string, acceptedAt: number): void;
}

const COLUMNS = 'id, at, branch, root, payload, metadata';
const IN_SESSION = 'memory = :memory AND actor = :actor AND session = :session';
/** SQL condition on sessions `s`. An expired event is invisible even before it is removed. */
export const NOT_EXPIRED = `(created_at > :expiryTime OR EXISTS (
  SELECT 1 FROM events AS e WHERE e.memory = s.memory AND e.actor = s.actor
    AND e.session = s.session AND +e.accepted_at > :expiryTime))`;

/** Creates the event store of a database. */
export function createEventStore(
  database: DatabaseSync,
  branches: Pick<BranchStore, 'addAtEvent'>,
): EventStore {
  const insertSession = database.prepare(
    'INSERT OR IGNORE INTO sessions VALUES (:memory, :actor, :session, :createdAt)',
  );
  const insertEvent = database.prepare(
    `INSERT INTO events (memory, actor, session, id, at, accepted_at, branch, root, payload, metadata, token)
     VALUES (:memory, :actor, :session, :id, :at, :acceptedAt, :branch, :root, :payload, :metadata, :token)
     ON CONFLICT (memory, actor, session, id) DO NOTHING RETURNING number`,
  );
  // Imported events have sequence numbers of their own.
  const selectLatestId = database.prepare(
    `SELECT max(id) AS id FROM events WHERE ${IN_SESSION} AND id > :from AND id < :to`,
  );
  const insertPending = database.prepare('INSERT INTO pending VALUES (:number, :variables)');
  const setEventId = database.prepare('UPDATE events SET id = :id WHERE number = :number');
  const selectByToken = database.prepare(
    `SELECT memory, actor, session, ${COLUMNS} FROM events
     WHERE memory = :memory AND token = :token AND accepted_at > :acceptedAfter`,
  );
  const deleteByToken = database.prepare(
    'DELETE FROM events WHERE memory = :memory AND token = :token',
  );
  const selectById = database.prepare(
    `SELECT ${COLUMNS} FROM events WHERE ${IN_SESSION} AND id = :id AND accepted_at > :acceptedAfter`,
  );
  const deleteById = database.prepare(`DELETE FROM events WHERE ${IN_SESSION} AND id = :id`);
  const selectInOtherSession = database.prepare(
    `SELECT 1 FROM events WHERE memory = :memory AND id = :id AND NOT (${IN_SESSION})`,
  );
  const selectActors = database.prepare(
    `SELECT DISTINCT actor FROM sessions AS s
     WHERE memory = :memory AND actor > :after AND ${NOT_EXPIRED} ORDER BY actor LIMIT :limit`,
  );
  const prepareSessions = (condition: string) =>
    database.prepare(
      `SELECT session, created_at AS createdAt FROM sessions AS s
       WHERE memory = :memory AND actor = :actor AND session > :after AND ${condition}
       ORDER BY session LIMIT :limit`,
    );
  const selectSessions = prepareSessions(NOT_EXPIRED);
  const selectSessionsWithEvents = prepareSessions(
    NOT_EXPIRED.replace('created_at > :expiryTime OR ', ''),
  );
  const deleteExpired = database.prepare(
    'DELETE FROM events WHERE memory = :memory AND accepted_at <= :acceptedAt',
  );
  const deleteEmptySessions = database.prepare(
    `DELETE FROM sessions AS s WHERE memory = :memory AND created_at <= :acceptedAt AND NOT EXISTS (
       SELECT 1 FROM events AS e
       WHERE e.memory = s.memory AND e.actor = s.actor AND e.session = s.session)`,
  );

  function nextId(location: EventSession, at: number, number: number): string {
    const { id } = selectLatestId.get({ ...location, ...eventIdRange(at) }) as {
      id: string | null;
    };
    if (id === null) return eventId(at, number);
    const next = Number.parseInt(id.slice(id.indexOf('#') + 1), 16) + 1;
    if (next < SEQUENCE_NUMBERS) return eventId(at, Math.max(number, next));
    // An imported event has the highest number of this time and stays the newest.
    let free = number;
    while (selectById.get({ ...location, id: eventId(at, free), acceptedAfter: -Infinity }))
      free += 1;
    return eventId(at, free);
  }

  return {
    add({ memory, actor, session }, { acceptedAt, variables, ...event }) {
      const location = { memory, actor, session };
      return atomically(database, () => {
        insertSession.run({ ...location, createdAt: acceptedAt });
        if (event.token !== null) deleteByToken.run({ memory, token: event.token });
        if (event.root !== null) branches.addAtEvent(location, event.branch, event.root);
        const { number } = insertEvent.get({ ...location, id: '', acceptedAt, ...event }) as {
          number: number;
        };
        const id = nextId(location, event.at, number);
        setEventId.run({ id, number });
        if (variables !== null) insertPending.run({ number, variables });
        return id;
      });
    },
    nextId,
    addWithId({ memory, actor, session }, { acceptedAt, variables, ...event }) {
      const location = { memory, actor, session };
      insertSession.run({ ...location, createdAt: acceptedAt });
      if (event.root !== null) branches.addAtEvent(location, event.branch, event.root);
      const inserted = insertEvent.get({ ...location, acceptedAt, ...event });
      if (inserted && variables !== null)
        insertPending.run({ number: inserted['number']!, variables });
      return inserted !== undefined;
    },
    findByToken: (memory, token, acceptedAfter) =>
      selectByToken.get({ memory, token, acceptedAfter }) as never,
    get: (location, id, acceptedAfter) =>
      selectById.get({ ...location, id, acceptedAfter }) as never,
    list(location, query) {
      const { sql, values } = buildListQuery(query);
      return database.prepare(sql).all({ ...location, ...values }) as never;
    },
    remove: (location, id) => deleteById.run({ ...location, id }).changes > 0,
    isInOtherSession: (location, id) => selectInOtherSession.get({ ...location, id }) !== undefined,
    listActors: (memory, expiryTime, after, limit) =>
      selectActors.all({ memory, expiryTime, after, limit }).map(({ actor }) => actor as string),
    listSessions(owner, { expiryTime, onlyWithEvents }, after, limit) {
      const statement = onlyWithEvents ? selectSessionsWithEvents : selectSessions;
      return statement.all({ ...owner, expiryTime, after, limit }) as never;
    },
    removeExpired(memory, acceptedAt) {
      atomically(database, () => {
        deleteExpired.run({ memory, acceptedAt });
        deleteEmptySessions.run({ memory, acceptedAt });
      });
    },
  };
}

/** Number of values that eight hexadecimal digits can hold. */
const SEQUENCE_NUMBERS = 2 ** 32;

/** Formats an event id as AWS does: 19 decimal digits of time and 8 hexadecimal digits of a sequence number. */
export function eventId(at: number, number: number): string {
  return `${String(at).padStart(19, '0')}#${(number % SEQUENCE_NUMBERS).toString(16).padStart(8, '0')}`;
}

/** Returns exclusive bounds of the event ids of one time. */
export function eventIdRange(at: number): { from: string; to: string } {
  const [time] = eventId(at, 0).split('#');
  return { from: `${time}#`, to: `${time}$` };
}

// Sorts after all ids, which consist of digits.
const AFTER_ALL_IDS = '~';

/** Returns an exclusive upper bound that includes the id. All ids have the same length. */
const boundAfter = (id: string) => `${id} `;

function buildListQuery(query: EventQuery): { sql: string; values: Record<string, SQLInputValue> } {
  const { ranges, conditions, acceptedAfter, includePayload, limit } = query;
  const { before = AFTER_ALL_IDS } = query;
  const values: Record<string, SQLInputValue> = { acceptedAfter, limit };
  const bind = (value: SQLInputValue): string => {
    const name = `v${Object.keys(values).length}`;
    values[name] = value;
    return `:${name}`;
  };
  // The plus keeps SQLite from using the index on accepted_at. Nearly all events of a session match,
  // and SQLite would sort them for each page.
  const clauses = [IN_SESSION, '+accepted_at > :acceptedAfter'];
  for (const condition of conditions) {
    const value =
      condition.is === 'equal'
        ? ` AND json_extract(value, '$.stringValue') = ${bind(condition.value)}`
        : '';
    const matches = `EXISTS (SELECT 1 FROM json_each(metadata) WHERE key = ${bind(condition.key)}${value})`;
    clauses.push(condition.is === 'absent' ? `NOT ${matches}` : matches);
  }
  const columns = includePayload ? COLUMNS : COLUMNS.replace('payload', 'NULL AS payload');
  const where = clauses.join(' AND ');
  const newestFirst = 'ORDER BY id DESC LIMIT :limit';
  if (ranges === null) {
    const sql = `SELECT ${columns} FROM events WHERE ${where} AND id < ${bind(before)} ${newestFirst}`;
    return { sql, values };
  }
  const bounded = ranges.map(({ branch, upTo }) => {
    const end = boundAfter(upTo ?? before);
    return { branch, before: end < before ? end : before };
  });
  // Select the newest events of each range by the index on branches, then the newest of those.
  const sql = `SELECT ${columns}
    FROM (SELECT value AS range FROM json_each(${bind(JSON.stringify(bounded))}))
    CROSS JOIN events WHERE number IN (
      SELECT number FROM events INDEXED BY branches
      WHERE ${where} AND branch = range ->> 'branch' AND id < range ->> 'before' ${newestFirst})
    ${newestFirst}`;
  return { sql, values };
}
