import type {
  BatchCreateMemoryRecordsInput,
  BatchCreateMemoryRecordsOutput,
  BatchDeleteMemoryRecordsInput,
  BatchDeleteMemoryRecordsOutput,
  BatchUpdateMemoryRecordsInput,
  BatchUpdateMemoryRecordsOutput,
  MemoryRecordCreateInput,
  MemoryRecordOutput,
  MemoryRecordUpdateInput,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../clock.ts';
import { invalid, notFound, WireError } from '../../wire/errors.ts';
import type { Answers } from './answers.ts';
import type { StoredMemory } from './storedMemory.ts';
import type { MemoryStore } from './memoryStore.ts';
import { findRecord } from './recordOperations.ts';
import { newRecordId, type RecordRow, type RecordStore } from './recordStore.ts';

/** The strategy of records that were written without one: the service's answers always have one. */
export const NO_STRATEGY = 'none';

/** What became of the records of a batch. */
interface BatchOutput {
  readonly successfulRecords: MemoryRecordOutput[];
  readonly failedRecords: MemoryRecordOutput[];
}

/**
 * The operations that write many records at once: each by itself succeeds or fails, and those that
 * succeed are kept together.
 */
export function createRecordBatchOperations({
  memories,
  records,
  answers,
  clock,
  atomically,
}: {
  memories: Pick<MemoryStore, 'find'>;
  records: RecordStore;
  answers: Answers;
  clock: Clock;
  atomically: <T>(work: () => T) => T;
}) {
  /** What became of each, in a transaction of the caller's. */
  function each<Item>(
    items: readonly Item[],
    idOf: (item: Item) => { memoryRecordId: string; requestIdentifier?: string | undefined },
    write: (item: Item, id: string) => void,
  ): BatchOutput {
    const successfulRecords: MemoryRecordOutput[] = [];
    const failedRecords: MemoryRecordOutput[] = [];
    for (const item of items) {
      const names = idOf(item);
      try {
        write(item, names.memoryRecordId);
        successfulRecords.push({ ...names, status: 'SUCCEEDED' });
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        const { status: errorCode, message: errorMessage } = error;
        failedRecords.push({ ...names, status: 'FAILED', errorCode, errorMessage });
      }
    }
    return { successfulRecords, failedRecords };
  }

  async function create(
    input: BatchCreateMemoryRecordsInput,
  ): Promise<BatchCreateMemoryRecordsOutput> {
    const memory = memories.find(input.memoryId);
    return answers.once('BatchCreateMemoryRecords', { ...input, memoryId: memory.id }, () =>
      createIn(memory, input),
    );
  }

  function createIn(
    memory: StoredMemory,
    input: BatchCreateMemoryRecordsInput,
  ): BatchCreateMemoryRecordsOutput {
    const now = clock.now();
    const sent = new Set<string | undefined>();
    return each(
      input.records ?? [],
      ({ requestIdentifier }) => ({ memoryRecordId: newRecordId(), requestIdentifier }),
      (given, id) => {
        if (sent.has(given.requestIdentifier)) {
          throw invalid(
            `requestIdentifier: '${given.requestIdentifier}' is another record's of this batch`,
          );
        }
        sent.add(given.requestIdentifier);
        const createdAt = Number(given.timestamp);
        const strategy = NO_STRATEGY;
        const blank = { id, namespace: '', strategy, text: '', metadata: null, createdAt };
        records.add(memory.id, withGiven({ ...blank, updatedAt: now }, given, memory));
      },
    );
  }

  async function update(
    input: BatchUpdateMemoryRecordsInput,
  ): Promise<BatchUpdateMemoryRecordsOutput> {
    const memory = memories.find(input.memoryId);
    return atomically(() =>
      each(input.records ?? [], idOf, (given, id) => {
        const present = findRecord(records, memory, id, given.sourceNamespaces?.[0]);
        records.change(
          withGiven({ ...present, updatedAt: Number(given.timestamp) }, given, memory),
        );
      }),
    );
  }

  async function remove(
    input: BatchDeleteMemoryRecordsInput,
  ): Promise<BatchDeleteMemoryRecordsOutput> {
    const memory = memories.find(input.memoryId);
    return atomically(() =>
      each(input.records ?? [], idOf, ({ namespace }, id) => {
        records.remove(findRecord(records, memory, id, namespace).id);
      }),
    );
  }

  return {
    BatchCreateMemoryRecords: { handle: create },
    BatchUpdateMemoryRecords: { handle: update },
    BatchDeleteMemoryRecords: { handle: remove },
  };
}

const idOf = ({ memoryRecordId = '' }: { readonly memoryRecordId: string | undefined }) => ({
  memoryRecordId,
});

/** A record with what is given of it; the rest stays. */
function withGiven(
  record: RecordRow,
  given: MemoryRecordCreateInput | MemoryRecordUpdateInput,
  { id, strategies }: StoredMemory,
): RecordRow {
  const { content, namespaces, memoryStrategyId, metadata } = given;
  if (
    memoryStrategyId !== undefined &&
    !strategies.some(({ strategyId }) => strategyId === memoryStrategyId)
  ) {
    const known = strategies.map(({ strategyId }) => strategyId).join(', ') || 'none';
    throw notFound(
      `memoryStrategyId: ${id} has no strategy '${memoryStrategyId}'; it has ${known}`,
    );
  }
  return {
    ...record,
    namespace: namespaces === undefined ? record.namespace : (namespaces[0] ?? ''),
    strategy: memoryStrategyId ?? record.strategy,
    text: content?.text ?? record.text,
    metadata: metadata === undefined ? record.metadata : JSON.stringify(metadata),
  };
}
