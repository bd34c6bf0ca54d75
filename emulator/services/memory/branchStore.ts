import type { DatabaseSync } from 'node:sqlite';
import type { EventSession } from './eventSession.ts';

/** The event at which a branch leaves its parent, and the parent branch that contains the event. */
export interface RootEvent {
  readonly id: string;
  readonly branch: string;
}

/** A branch with its root. */
export interface BranchRoot extends RootEvent {
  readonly name: string;
}

/**
 * Branches of sessions. A branch keeps its root for as long as its session exists, because the history
 * before the root stays valid when the root event is deleted or expires.
 */
export interface BranchStore {
  /** Returns undefined when the branch does not exist. */
  findRoot(location: EventSession, branch: string): RootEvent | undefined;
  /** Returns the branches in order of creation, so that a parent comes before its children. */
  list(location: EventSession): BranchRoot[];
  /** Adds a branch unless it exists. Its session must exist. */
  add(location: EventSession, branch: BranchRoot): void;
  /** Adds a branch unless it exists. Its parent is the branch of the root event. */
  addAtEvent(location: EventSession, branch: string, root: string): void;
}

const IN_SESSION = 'memory = :memory AND actor = :actor AND session = :session';
const COLUMNS = '(memory, actor, session, branch, root, parent)';

/** Creates the branch store of a database. */
export function createBranchStore(database: DatabaseSync): BranchStore {
  const selectRoot = database.prepare(
    `SELECT root AS id, parent AS branch FROM branch_roots WHERE ${IN_SESSION} AND branch = :branch`,
  );
  const selectAll = database.prepare(
    `SELECT branch AS name, root AS id, parent AS branch FROM branch_roots WHERE ${IN_SESSION} ORDER BY number`,
  );
  const insert = database.prepare(
    `INSERT OR IGNORE INTO branch_roots ${COLUMNS}
     VALUES (:memory, :actor, :session, :name, :id, :branch)`,
  );
  const insertAtEvent = database.prepare(
    `INSERT OR IGNORE INTO branch_roots ${COLUMNS}
     SELECT memory, actor, session, :branch, id, branch FROM events WHERE ${IN_SESSION} AND id = :root`,
  );

  return {
    findRoot: (location, branch) => selectRoot.get({ ...location, branch }) as never,
    list: ({ memory, actor, session }) => selectAll.all({ memory, actor, session }) as never,
    add: (location, { name, id, branch }) => void insert.run({ ...location, name, id, branch }),
    addAtEvent: (location, branch, root) => void insertAtEvent.run({ ...location, branch, root }),
  };
}
