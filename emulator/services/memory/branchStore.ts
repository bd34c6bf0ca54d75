import type { DatabaseSync } from 'node:sqlite';
import type { EventSession } from './eventSession.ts';

/** The event at which a branch leaves its parent, and the parent branch that contains the event. */
export interface RootEvent {
  readonly id: string;
  readonly branch: string;
}

/** Where a branch of a session began. */
export interface BranchRoot extends RootEvent {
  readonly name: string;
}

/**
 * The branches of sessions. Each is kept with what it began at, for as long as its session is there:
 * the event itself may be deleted, or expire, and what came before it still led to the branch.
 */
export interface BranchStore {
  /** Of a branch that is not there, undefined. */
  rootOf(conversation: EventSession, branch: string): RootEvent | undefined;
  /** In the order in which they began: each after its parent. */
  of(conversation: EventSession): BranchRoot[];
  /** Keeps where one began, unless it is there; its session is there already. */
  keep(conversation: EventSession, beginning: BranchRoot): void;
  /** The same of one that begins at an event of the session, in whose branch it begins. */
  begin(conversation: EventSession, branch: string, root: string): void;
}

const HERE = 'memory = :memory AND actor = :actor AND session = :session';
const ROW = '(memory, actor, session, branch, root, parent)';

/** The branches in a database. */
export function createBranchStore(database: DatabaseSync): BranchStore {
  const rootOf = database.prepare(
    `SELECT root AS id, parent AS branch FROM branch_roots WHERE ${HERE} AND branch = :branch`,
  );
  const every = database.prepare(
    `SELECT branch AS name, root AS id, parent AS branch FROM branch_roots WHERE ${HERE} ORDER BY number`,
  );
  const keep = database.prepare(
    `INSERT OR IGNORE INTO branch_roots ${ROW}
     VALUES (:memory, :actor, :session, :name, :id, :branch)`,
  );
  const begin = database.prepare(
    `INSERT OR IGNORE INTO branch_roots ${ROW}
     SELECT memory, actor, session, :branch, id, branch FROM events WHERE ${HERE} AND id = :root`,
  );

  return {
    rootOf: (here, branch) => rootOf.get({ ...here, branch }) as never,
    of: ({ memory, actor, session }) => every.all({ memory, actor, session }) as never,
    keep: (here, { name, id, branch }) => void keep.run({ ...here, name, id, branch }),
    begin: (here, branch, root) => void begin.run({ ...here, branch, root }),
  };
}
