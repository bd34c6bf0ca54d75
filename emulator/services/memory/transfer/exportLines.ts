import type { DatabaseSync } from 'node:sqlite';
import { MAIN_BRANCH } from '../branches.ts';
import { createBranchStore, type BranchRoot } from '../branchStore.ts';
import { NOT_EXPIRED } from '../eventStore.ts';
import { createMemoryStore } from '../memoryStore.ts';
import { expiryCutoff, toMemory, type StoredMemory } from '../storedMemory.ts';
import type { RecordRow } from '../recordStore.ts';

interface SessionRow {
  readonly memory: string;
  readonly actor: string;
  readonly session: string;
  readonly createdAt: number;
}

interface ExportedEvent extends Omit<SessionRow, 'createdAt'> {
  readonly id: string;
  readonly at: number;
  readonly acceptedAt: number;
  readonly branch: string;
  readonly root: string | null;
  readonly payload: string;
  readonly metadata: string | null;
  /** Of what is still to be extracted. */
  readonly variables: string | null;
}

interface ExportedRecord extends RecordRow {
  readonly memory: string;
  readonly subject: string | null;
  readonly gist: string | null;
  readonly at: number | null;
}

/**
 * All that is remembered, a line of JSON each, as it is at one moment: the connection is this
 * export's own. Each line stands after those that it depends on.
 */
export function* exportLines(database: DatabaseSync, now: number): Generator<string> {
  database.exec('BEGIN');
  const memories = new Map(
    createMemoryStore(database)
      .all()
      .map((memory) => [memory.id, { ...memory, seen: expiryCutoff(memory, now) }]),
  );
  for (const memory of memories.values()) yield memoryLine(memory);
  const branches = createBranchStore(database);
  const sessions = database.prepare(
    `SELECT memory, actor, session, created_at AS createdAt FROM sessions AS s
     WHERE memory = :memory AND ${NOT_EXPIRED}`,
  );
  for (const { id: memory, seen, name } of memories.values()) {
    for (const session of rows<SessionRow>(sessions.iterate({ memory, seen }))) {
      yield sessionLine(session, name, branches.of(session));
    }
  }
  const events = database.prepare(
    `SELECT memory, actor, session, id, at, accepted_at AS acceptedAt, branch, root, payload,
       metadata, variables
     FROM events LEFT JOIN pending ON event = number ORDER BY number`,
  );
  for (const event of rows<ExportedEvent>(events.iterate())) {
    const { name, seen, strategies } = memories.get(event.memory)!;
    if (event.acceptedAt > seen) yield eventLine(event, name, strategies.length > 0);
  }
  const records = database.prepare(
    `SELECT memory, id, records.namespace, strategy, text, metadata, created_at AS createdAt,
       updated_at AS updatedAt, subject, gist, at
     FROM records LEFT JOIN insights ON record = number ORDER BY number`,
  );
  for (const record of rows<ExportedRecord>(records.iterate())) {
    yield recordLine(record, memories.get(record.memory)!.name);
  }
}

const rows = <Row>(found: Iterable<unknown>) => found as Iterable<Row>;
const line = (value: object) => `${JSON.stringify(value)}\n`;

// Always in this order; whether it serves, and by which ARN, is of the emulator that has it.
const MEMORY = 'type name id description eventExpiryDuration indexedKeys namespaceKeys tags';
const REST = 'encryptionKeyArn memoryExecutionRoleArn createdAt updatedAt strategies';
const STRATEGY =
  'strategyId name description type namespaces configuration memoryRecordSchema createdAt updatedAt';

function memoryLine(memory: StoredMemory): string {
  const { strategies = [], ...shown } = toMemory(memory, 'ACTIVE');
  return line(
    ordered(`${MEMORY} ${REST}`, {
      ...shown,
      type: 'memory',
      strategies: strategies.map((strategy) => ordered(STRATEGY, strategy)),
    }),
  );
}

function ordered(names: string, value: object): object {
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(names.split(' ').map((name) => [name, members.get(name)]));
}

function sessionLine(
  { actor, session, createdAt }: SessionRow,
  memory: string,
  branches: readonly BranchRoot[],
): string {
  return line({
    type: 'session',
    memory,
    actorId: actor,
    sessionId: session,
    createdAt: new Date(createdAt),
    // The events at which they began may be there no more.
    ...(branches.length > 0 && {
      branches: branches.map(({ name, id, branch }) => ({ name, rootEventId: id, parent: branch })),
    }),
  });
}

function eventLine(event: ExportedEvent, memory: string, isExtracted: boolean): string {
  const { actor, session, id, at, branch, root, payload, metadata, variables } = event;
  const begun = JSON.stringify({
    type: 'event',
    memory,
    actorId: actor,
    sessionId: session,
    eventId: id,
    eventTimestamp: new Date(at),
    ...(branch !== MAIN_BRANCH && { branch: { name: branch, rootEventId: root } }),
    // What was extracted, or was not to be, is not extracted where it is taken in.
    ...(variables === null && isExtracted && { extractionMode: 'SKIP' }),
  });
  // These are JSON already, and may be large.
  const rest = [
    `"payload":${payload}`,
    ...(metadata === null ? [] : [`"metadata":${metadata}`]),
    ...(variables === null || variables === '{}'
      ? []
      : [`"extractionConfig":{"namespaceVariables":${variables}}`]),
  ];
  return `${begun.slice(0, -1)},${rest.join(',')}}\n`;
}

function recordLine(record: ExportedRecord, memory: string): string {
  const { id, namespace, strategy, text, metadata, createdAt, updatedAt, subject, gist, at } =
    record;
  return line({
    type: 'record',
    memory,
    memoryRecordId: id,
    namespaces: namespace === '' ? [] : [namespace],
    memoryStrategyId: strategy,
    content: { text },
    ...(metadata !== null && { metadata: JSON.parse(metadata) as unknown }),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    ...(subject !== null && { insight: { subject, gist, saidAt: new Date(at ?? 0) } }),
  });
}
