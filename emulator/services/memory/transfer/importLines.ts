import type { DatabaseSync } from 'node:sqlite';
import type { ImportSummary } from '../../../../src/shared/importSummary.ts';
import { refuseReserved } from '../../tags/tags.ts';
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

/** What was taken in, and the sessions of which something is to be extracted. */
export interface ImportResult {
  readonly summary: ImportSummary;
  readonly toExtract: readonly EventSession[];
}

type EntryOf<Type extends TransferEntry['type']> = TransferEntry & { readonly type: Type };

/**
 * Takes in what lines of JSON say, all or nothing; what is there already stays as it is. The
 * connection is this import's own, which nobody else's call may come between.
 */
export async function importLines(
  database: DatabaseSync,
  source: AsyncIterable<Uint8Array>,
  { now, arnOf, signal }: { now: number; arnOf: (id: string) => string; signal: AbortSignal },
): Promise<ImportResult> {
  database.exec('BEGIN IMMEDIATE');
  try {
    const intake = createIntake(database, now, arnOf);
    for await (const { number, text } of splitLines(source)) {
      signal.throwIfAborted();
      try {
        intake.take(readEntry(text, new Date(now)));
      } catch (error) {
        if (!(error instanceof EntryError || error instanceof WireError)) throw error;
        throw lineError(number, error.message, error);
      }
    }
    database.exec('COMMIT');
    return intake.outcome();
  } catch (error) {
    // A full disk has rolled it back by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function createIntake(database: DatabaseSync, now: number, arnOf: (id: string) => string) {
  const memories = createMemoryStore(database);
  const branches = createBranchStore(database);
  const events = createEventStore(database, branches);
  const records = createRecordStore(database);
  const unmet = createUnmatchedEvents(database);
  const ledger = createExtractionQueue(database, records);
  const sessionAt = database.prepare(
    'INSERT OR IGNORE INTO sessions VALUES (:memory, :actor, :session, :createdAt)',
  );
  const recordOwner = database.prepare('SELECT memory FROM records WHERE id = :id');

  const present = new Map(memories.all().map((memory) => [memory.name, memory]));
  /** The ids of strategies as the file has them, and as the memory of that name here has them. */
  const strategyIds = new Map<string, string>();
  const added = { memories: 0, events: 0, records: 0 };
  let alreadyThere = 0;
  const toExtract = new Map<string, EventSession>();

  function count(what: keyof typeof added, isNew: boolean): void {
    if (isNew) added[what] += 1;
    else alreadyThere += 1;
  }

  function memoryOf(name: string): StoredMemory {
    const memory = present.get(name);
    if (memory) return memory;
    const names = [...present.keys()].join(', ') || 'none';
    throw new EntryError(
      `memory: there is no memory '${name}', neither here nor in a line before this one; there are ${names}`,
    );
  }

  function takeMemory({ memory }: EntryOf<'memory'>): void {
    const taken = fromMemory(memory, arnOf(memory.id!));
    const here = present.get(taken.name);
    for (const { name, strategyId } of here ? taken.strategies : []) {
      const same = here!.strategies.find((strategy) => strategy.name === name);
      if (same) strategyIds.set(strategyId, same.strategyId);
    }
    count('memories', !here);
    if (here) return;
    refuseReserved(taken.tags);
    validateStrategies(taken, 'strategies');
    const other = [...present.values()].find(({ id }) => id === taken.id);
    if (other) {
      throw new EntryError(
        `id: '${taken.id}' is the memory ${other.name} here; leave it out and one is made`,
      );
    }
    memories.save(taken);
    present.set(taken.name, taken);
  }

  function takeSession(entry: EntryOf<'session'>): void {
    const { memory, actorId: actor, sessionId: session, createdAt } = entry;
    const here: EventSession = { memory: memoryOf(memory).id, actor, session };
    sessionAt.run({ ...here, createdAt: Number(createdAt) });
    for (const { name, rootEventId, parent } of entry.branches) {
      // So none is its own ancestor.
      if (parent !== MAIN_BRANCH && !branches.rootOf(here, parent)) {
        throw new EntryError(
          `branches: '${parent}', the parent of ${name}, is no branch of this session; give it before this one, or name ${MAIN_BRANCH}`,
        );
      }
      branches.keep(here, { name, id: rootEventId, branch: parent });
    }
  }

  function takeEvent({ memory: name, actorId, sessionId, eventId, event }: EntryOf<'event'>): void {
    const memory = memoryOf(name);
    const here: EventSession = { memory: memory.id, actor: actorId, session: sessionId };
    const seen = expiryCutoff(memory, now);
    const variables = extractionVariables(event, memory);
    const said = {
      at: Number(event.eventTimestamp),
      ...resolveBranch(event, here, { branches, events, seen }),
      payload: payloadJson(event.payload),
      metadata: event.metadata ? JSON.stringify(event.metadata) : null,
    };
    const isNew =
      (eventId !== null || !unmet.meet(here, said, seen)) &&
      events.restore(here, {
        ...said,
        id: eventId ?? events.newestId(here, said.at, 0),
        // It is accepted now: a seed that was written long ago has not expired.
        acceptedAt: now,
        token: null,
        variables: variables && JSON.stringify(variables),
      });
    count('events', isNew);
    if (isNew && variables) toExtract.set(JSON.stringify(here), here);
  }

  function takeRecord(entry: EntryOf<'record'>): void {
    const { memoryRecordId: id, record, updatedAt, insight } = entry;
    const memory = memoryOf(entry.memory);
    const owner = recordOwner.get({ id }) as { memory: string } | undefined;
    count('records', !owner);
    if (owner?.memory === memory.id) return;
    if (owner) {
      throw new EntryError(
        `memoryRecordId: '${id}' is a record of the memory ${owner.memory} here; leave it out and one is made`,
      );
    }
    const text = record.content?.text ?? '';
    const row = {
      id,
      namespace: inIdsOfHere(record.namespaces?.[0] ?? ''),
      strategy: strategyOf(memory, record.memoryStrategyId),
      metadata: record.metadata ? JSON.stringify(record.metadata) : null,
      createdAt: Number(record.timestamp),
      updatedAt: Number(updatedAt),
    };
    if (!insight) records.add(memory.id, { ...row, text });
    else ledger.apply(memory.id, { type: 'add', insight: { ...insight, text } }, row);
  }

  /** A namespace may have been made of a strategy's id. */
  function inIdsOfHere(namespace: string): string {
    return namespace.replace(/[\w-]+/g, (part) => strategyIds.get(part) ?? part);
  }

  function strategyOf({ name, strategies }: StoredMemory, given = NO_STRATEGY): string {
    const meant = strategyIds.get(given) ?? given;
    const found = strategies.find(({ strategyId, name }) => [strategyId, name].includes(meant));
    // One that was deleted has left its records.
    if (found || meant === NO_STRATEGY || STRATEGY_ID.test(meant))
      return found?.strategyId ?? meant;
    const names = strategies.map((strategy) => strategy.name).join(', ') || 'none';
    throw new EntryError(
      `memoryStrategyId: '${given}' is no strategy of the memory ${name}; it has ${names}`,
    );
  }

  return {
    take(entry: TransferEntry): void {
      switch (entry.type) {
        case 'memory':
          return takeMemory(entry);
        case 'session':
          return takeSession(entry);
        case 'event':
          return takeEvent(entry);
        case 'record':
          return takeRecord(entry);
      }
    },
    outcome: (): ImportResult => ({
      summary: { added, alreadyThere },
      toExtract: [...toExtract.values()],
    }),
  };
}

const STRATEGY_ID = /-[A-Za-z0-9]{10}$/;
