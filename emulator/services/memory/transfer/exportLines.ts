import type { DatabaseSync } from 'node:sqlite';
import { MAIN_BRANCH } from '../branches.ts';
import { createBranchStore, type BranchRoot } from '../branchStore.ts';
import { NOT_EXPIRED } from '../eventStore.ts';
import { createMemoryStore } from '../memoryStore.ts';
import { expiryCutoff, toMemory, type StoredMemory } from '../storedMemory.ts';
import { type RecordRow } from '../recordStore.ts';
import { RECORD_NOT_EXPIRED } from '../scopeCondition.ts';

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
  /** The namespace variables of a pending event, as JSON. */
  readonly variables: string | null;
}

interface ExportedRecord extends RecordRow {
  readonly memory: string;
  readonly subject: string | null;
  readonly gist: string | null;
  readonly at: number | null;
}

/**
 * Exports all memories as JSON Lines, from a snapshot in a read transaction. The connection must belong
 * to this export. Each line follows the lines that it depends on.
 */
export function* exportLines(database: DatabaseSync, now: number): Generator<string> {
  database.exec('BEGIN');
  const memories = new Map(
    createMemoryStore(database)
      .list()
      .map((memory) => [memory.id, { ...memory, expiryTime: expiryCutoff(memory, now) }]),
  );
  for (const memory of memories.values()) yield memoryLine(memory);
  const branches = createBranchStore(database);
  const sessions = database.prepare(
    `SELECT memory, actor, session, created_at AS createdAt FROM sessions AS s
     WHERE memory = :memory AND ${NOT_EXPIRED}`,
  );
  for (const { id: memory, expiryTime, name } of memories.values()) {
    for (const session of rows<SessionRow>(sessions.iterate({ memory, expiryTime }))) {
      yield sessionLine(session, name, branches.list(session));
    }
  }
  const events = database.prepare(
    `SELECT memory, actor, session, id, at, accepted_at AS acceptedAt, branch, root, payload,
       metadata, variables
     FROM events LEFT JOIN pending ON event = number ORDER BY number`,
  );
  for (const event of rows<ExportedEvent>(events.iterate())) {
    const { name, expiryTime, strategies } = memories.get(event.memory)!;
    if (event.acceptedAt > expiryTime) yield eventLine(event, name, strategies.length > 0);
  }
  const records = database.prepare(
    `SELECT memory, id, records.namespace, strategy, text, metadata, created_at AS createdAt,
       updated_at AS updatedAt, timestamp, expiry_days AS expiryDays, expires_at AS expiresAt,
       subject, gist, at
     FROM records LEFT JOIN insights ON record = number WHERE ${RECORD_NOT_EXPIRED}
     ORDER BY number`,
  );
  for (const record of rows<ExportedRecord>(records.iterate({ now }))) {
    yield recordLine(record, memories.get(record.memory)!.name);
  }
}

const rows = <Row>(found: Iterable<unknown>) => found as Iterable<Row>;
const line = (value: object) => `${JSON.stringify(value)}\n`;

// Exported fields, in a fixed order. The importing emulator sets the status and the ARN.
const MEMORY_FIELDS_START =
  'type name id description eventExpiryDuration indexedKeys namespaceKeys tags';
const MEMORY_FIELDS_END = 'encryptionKeyArn memoryExecutionRoleArn createdAt updatedAt strategies';
const STRATEGY_FIELDS =
  'strategyId name description type namespaces configuration memoryRecordSchema recordExpiryDurationDays createdAt updatedAt';

function memoryLine(memory: StoredMemory): string {
  const { strategies = [], ...output } = toMemory(memory, 'ACTIVE');
  return line(
    pickFields(`${MEMORY_FIELDS_START} ${MEMORY_FIELDS_END}`, {
      ...output,
      type: 'memory',
      strategies: strategies.map((strategy) => pickFields(STRATEGY_FIELDS, strategy)),
    }),
  );
}

function pickFields(names: string, value: object): object {
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
    // Root events may have been deleted, so the events alone do not give the branches.
    ...(branches.length > 0 && {
      branches: branches.map(({ name, id, branch }) => ({ name, rootEventId: id, parent: branch })),
    }),
  });
}

function eventLine(event: ExportedEvent, memory: string, hasStrategies: boolean): string {
  const { actor, session, id, at, branch, root, payload, metadata, variables } = event;
  const head = JSON.stringify({
    type: 'event',
    memory,
    actorId: actor,
    sessionId: session,
    eventId: id,
    eventTimestamp: new Date(at),
    ...(branch !== MAIN_BRANCH && { branch: { name: branch, rootEventId: root } }),
    // Only pending events are extracted after the import.
    ...(variables === null && hasStrategies && { extractionMode: 'SKIP' }),
  });
  // These are JSON already and can be large, so they are not parsed.
  const rest = [
    `"payload":${payload}`,
    ...(metadata === null ? [] : [`"metadata":${metadata}`]),
    ...(variables === null || variables === '{}'
      ? []
      : [`"extractionConfig":{"namespaceVariables":${variables}}`]),
  ];
  return `${head.slice(0, -1)},${rest.join(',')}}\n`;
}

function recordLine(record: ExportedRecord, memory: string): string {
  const { id, namespace, strategy, text, metadata, createdAt, updatedAt, timestamp } = record;
  const { expiryDays, expiresAt, subject, gist, at } = record;
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
    timestamp: new Date(timestamp),
    ...(expiresAt !== null && {
      recordExpiryDurationDays: expiryDays,
      expiresAt: new Date(expiresAt),
    }),
    ...(subject !== null && { insight: { subject, gist, saidAt: new Date(at ?? 0) } }),
  });
}
