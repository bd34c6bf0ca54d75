import type { DatabaseSync } from 'node:sqlite';
import type { ImportSummary } from '../../../../src/shared/importSummary.ts';
import { refuseReserved } from '../../../tags.ts';
import { WireError } from '../../../wire/errors.ts';
import { resolveBranch, MAIN_BRANCH } from '../branches.ts';
import { createBranchStore } from '../branchStore.ts';
import { extractionVariables, payloadJson } from '../eventOperations.ts';
import type { EventSession } from '../eventSession.ts';
import { createEventStore } from '../eventStore.ts';
import { createExtractionQueue } from '../extraction/extractionQueue.ts';
import { expiryCutoff, fromMemory, type StoredMemory } from '../storedMemory.ts';
import { createMemoryStore } from '../memoryStore.ts';
import { NO_STRATEGY } from '../recordBatchOperations.ts';
import { createRecordStore } from '../recordStore.ts';
import { validateStrategies } from '../strategyRules.ts';
import type { TransferEntry } from './entry.ts';
import { EntryError } from './fields.ts';
import { lineError, splitLines } from './lines.ts';
import { readEntry } from './readEntry.ts';
import { createUnmatchedEvents } from './unmatchedEvents.ts';

/** The counts of an import, and the sessions that need extraction. */
export interface ImportResult {
  readonly summary: ImportSummary;
  readonly sessionsToExtract: readonly EventSession[];
}

type EntryOf<Type extends TransferEntry['type']> = TransferEntry & { readonly type: Type };

/**
 * Imports JSON Lines in one transaction, all or none. Existing items stay unchanged. The connection
 * must belong to this import.
 */
export async function importLines(
  database: DatabaseSync,
  source: AsyncIterable<Uint8Array>,
  {
    now,
    memoryArn,
    signal,
  }: { now: number; memoryArn: (id: string) => string; signal: AbortSignal },
): Promise<ImportResult> {
  database.exec('BEGIN IMMEDIATE');
  try {
    const importer = createImporter(database, now, memoryArn);
    for await (const { number, text } of splitLines(source)) {
      signal.throwIfAborted();
      try {
        importer.importEntry(readEntry(text, new Date(now)));
      } catch (error) {
        if (!(error instanceof EntryError || error instanceof WireError)) throw error;
        throw lineError(number, error.message, error);
      }
    }
    database.exec('COMMIT');
    return importer.result();
  } catch (error) {
    // SQLite has already rolled back when the disk is full.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function createImporter(database: DatabaseSync, now: number, memoryArn: (id: string) => string) {
  const memories = createMemoryStore(database);
  const branches = createBranchStore(database);
  const events = createEventStore(database, branches);
  const records = createRecordStore(database, { now: () => now });
  const unmatched = createUnmatchedEvents(database);
  const queue = createExtractionQueue(database, records, { now: () => now });
  const insertSession = database.prepare(
    'INSERT OR IGNORE INTO sessions VALUES (:memory, :actor, :session, :createdAt)',
  );
  const selectRecordOwner = database.prepare('SELECT memory FROM records WHERE id = :id');

  const memoriesByName = new Map(memories.list().map((memory) => [memory.name, memory]));
  /** Maps strategy ids of the file to those of the existing memory with the same name. */
  const strategyIds = new Map<string, string>();
  const added = { memories: 0, events: 0, records: 0 };
  let alreadyThere = 0;
  const sessionsToExtract = new Map<string, EventSession>();

  function count(kind: keyof typeof added, isNew: boolean): void {
    if (isNew) added[kind] += 1;
    else alreadyThere += 1;
  }

  function findMemory(name: string): StoredMemory {
    const memory = memoriesByName.get(name);
    if (memory) return memory;
    const names = [...memoriesByName.keys()].join(', ') || 'none';
    throw new EntryError(
      `memory: memory '${name}' does not exist in the emulator or in an earlier line. Memories: ${names}`,
    );
  }

  function importMemory({ memory }: EntryOf<'memory'>): void {
    const imported = fromMemory(memory, memoryArn(memory.id!));
    const existing = memoriesByName.get(imported.name);
    for (const { name, strategyId } of existing ? imported.strategies : []) {
      const counterpart = existing!.strategies.find((strategy) => strategy.name === name);
      if (counterpart) strategyIds.set(strategyId, counterpart.strategyId);
    }
    count('memories', !existing);
    if (existing) return;
    refuseReserved(imported.tags);
    validateStrategies(imported, 'import');
    const sameId = [...memoriesByName.values()].find(({ id }) => id === imported.id);
    if (sameId) {
      throw new EntryError(
        `id: '${imported.id}' already belongs to memory ${sameId.name}. Omit it to create one.`,
      );
    }
    memories.save(imported);
    memoriesByName.set(imported.name, imported);
  }

  function importSession(entry: EntryOf<'session'>): void {
    const { memory, actorId: actor, sessionId: session, createdAt } = entry;
    const location: EventSession = { memory: findMemory(memory).id, actor, session };
    insertSession.run({ ...location, createdAt: Number(createdAt) });
    for (const { name, rootEventId, parent } of entry.branches) {
      // A parent must exist first, so that no branch is its own ancestor.
      if (parent !== MAIN_BRANCH && !branches.findRoot(location, parent)) {
        throw new EntryError(
          `branches: '${parent}', the parent of ${name}, is not a branch of this session. List it before ${name}, or use ${MAIN_BRANCH}.`,
        );
      }
      branches.add(location, { name, id: rootEventId, branch: parent });
    }
  }

  function importEvent({
    memory: name,
    actorId,
    sessionId,
    eventId,
    event,
  }: EntryOf<'event'>): void {
    const memory = findMemory(name);
    const location: EventSession = { memory: memory.id, actor: actorId, session: sessionId };
    const expiryTime = expiryCutoff(memory, now);
    const variables = extractionVariables(event, memory);
    const content = {
      at: Number(event.eventTimestamp),
      ...resolveBranch(event, location, { branches, events, expiryTime }),
      payload: payloadJson(event.payload),
      metadata: event.metadata ? JSON.stringify(event.metadata) : null,
    };
    const isNew =
      (eventId !== null || !unmatched.match(location, content, expiryTime)) &&
      events.addWithId(location, {
        ...content,
        id: eventId ?? events.nextId(location, content.at, 0),
        // The import time counts, so that an old seed has not expired.
        acceptedAt: now,
        token: null,
        variables: variables && JSON.stringify(variables),
      });
    count('events', isNew);
    if (isNew && variables) sessionsToExtract.set(JSON.stringify(location), location);
  }

  function importRecord(entry: EntryOf<'record'>): void {
    const { memoryRecordId: id, record, createdAt, updatedAt, expiry, insight } = entry;
    const memory = findMemory(entry.memory);
    const owner = selectRecordOwner.get({ id }) as { memory: string } | undefined;
    count('records', !owner);
    if (owner?.memory === memory.id) return;
    if (owner) {
      throw new EntryError(
        `memoryRecordId: '${id}' already belongs to memory ${owner.memory}. Omit it to create one.`,
      );
    }
    const text = record.content?.text ?? '';
    const row = {
      id,
      namespace: mapStrategyIds(record.namespaces?.[0] ?? ''),
      strategy: resolveStrategyId(memory, record.memoryStrategyId),
      metadata: record.metadata ? JSON.stringify(record.metadata) : null,
      createdAt: Number(createdAt),
      updatedAt: Number(updatedAt),
      ...expiry,
    };
    if (!insight) records.add(memory.id, { ...row, text, timestamp: Number(record.timestamp) });
    else queue.apply(memory.id, { type: 'add', insight: { ...insight, text } }, row);
  }

  /** Replaces strategy ids in a namespace by those of the existing memory. */
  function mapStrategyIds(namespace: string): string {
    return namespace.replace(/[\w-]+/g, (part) => strategyIds.get(part) ?? part);
  }

  function resolveStrategyId({ name, strategies }: StoredMemory, given = NO_STRATEGY): string {
    const idOrName = strategyIds.get(given) ?? given;
    const found = strategies.find(({ strategyId, name }) => [strategyId, name].includes(idOrName));
    // Records can belong to a strategy that was deleted.
    if (found || idOrName === NO_STRATEGY || STRATEGY_ID.test(idOrName))
      return found?.strategyId ?? idOrName;
    const names = strategies.map((strategy) => strategy.name).join(', ') || 'none';
    throw new EntryError(
      `memoryStrategyId: strategy '${given}' does not exist in memory ${name}. Strategies: ${names}`,
    );
  }

  return {
    importEntry(entry: TransferEntry): void {
      switch (entry.type) {
        case 'memory':
          return importMemory(entry);
        case 'session':
          return importSession(entry);
        case 'event':
          return importEvent(entry);
        case 'record':
          return importRecord(entry);
      }
    },
    result: (): ImportResult => ({
      summary: { added, alreadyThere },
      sessionsToExtract: [...sessionsToExtract.values()],
    }),
  };
}

const STRATEGY_ID = /-[A-Za-z0-9]{10}$/;
