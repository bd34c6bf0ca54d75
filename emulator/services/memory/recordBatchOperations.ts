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
import type { StoredReplies } from './storedReplies.ts';
import type { StoredMemory } from './storedMemory.ts';
import type { MemoryStore } from './memoryStore.ts';
import { findRecord } from './recordOperations.ts';
import { removesNoExpiry } from './strategies.ts';
import { newRecordId, recordExpiry, type RecordRow, type RecordStore } from './recordStore.ts';

/** The strategy id of records written without one, because AWS's output always contains a strategy id. */
export const NO_STRATEGY = 'none';

/** The output of a batch operation. */
interface BatchOutput {
  readonly successfulRecords: MemoryRecordOutput[];
  readonly failedRecords: MemoryRecordOutput[];
}

/**
 * Creates the operations that write batches of records. Each record succeeds or fails on its own, and
 * one transaction commits all that succeed.
 */
export function createRecordBatchOperations({
  memories,
  records,
  replies,
  clock,
  atomically,
}: {
  memories: Pick<MemoryStore, 'find'>;
  records: RecordStore;
  replies: StoredReplies;
  clock: Clock;
  atomically: <T>(work: () => T) => T;
}) {
  /** Writes each item and collects the outcomes. The caller opens the transaction. */
  function writeEach<Item>(
    items: readonly Item[],
    readId: (item: Item) => { memoryRecordId: string; requestIdentifier?: string | undefined },
    write: (item: Item, id: string) => void,
  ): BatchOutput {
    const successfulRecords: MemoryRecordOutput[] = [];
    const failedRecords: MemoryRecordOutput[] = [];
    for (const item of items) {
      const ids = readId(item);
      try {
        write(item, ids.memoryRecordId);
        successfulRecords.push({ ...ids, status: 'SUCCEEDED' });
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        const { status: errorCode, message: errorMessage } = error;
        failedRecords.push({ ...ids, status: 'FAILED', errorCode, errorMessage });
      }
    }
    return { successfulRecords, failedRecords };
  }

  async function create(
    input: BatchCreateMemoryRecordsInput,
  ): Promise<BatchCreateMemoryRecordsOutput> {
    const memory = memories.find(input.memoryId);
    return replies.once('BatchCreateMemoryRecords', { ...input, memoryId: memory.id }, () =>
      createRecords(memory, input),
    );
  }

  function createRecords(
    memory: StoredMemory,
    input: BatchCreateMemoryRecordsInput,
  ): BatchCreateMemoryRecordsOutput {
    const now = clock.now();
    const { recordExpiryDurationDays = null, action } = input.recordExpirySpecification ?? {};
    if (action !== undefined) throw removesNoExpiry('BatchCreateMemoryRecords');
    const expiry = recordExpiry(recordExpiryDurationDays, now);
    const requestIdentifiers = new Set<string | undefined>();
    return writeEach(
      input.records ?? [],
      ({ requestIdentifier }) => ({ memoryRecordId: newRecordId(), requestIdentifier }),
      (item, id) => {
        if (requestIdentifiers.has(item.requestIdentifier)) {
          throw invalid(
            `requestIdentifier: '${item.requestIdentifier}' is used by another record of this batch`,
          );
        }
        requestIdentifiers.add(item.requestIdentifier);
        const emptyRecord = { id, namespace: '', strategy: NO_STRATEGY, text: '', metadata: null };
        const times = { createdAt: now, updatedAt: now, timestamp: Number(item.timestamp) };
        records.add(memory.id, applyInput({ ...emptyRecord, ...times, ...expiry }, item, memory));
      },
    );
  }

  async function update(
    input: BatchUpdateMemoryRecordsInput,
  ): Promise<BatchUpdateMemoryRecordsOutput> {
    const memory = memories.find(input.memoryId);
    return atomically(() =>
      writeEach(input.records ?? [], readId, (item, id) => {
        const existing = findRecord(records, memory, id, item.sourceNamespaces?.[0]);
        const now = clock.now();
        const times = { updatedAt: now, timestamp: Number(item.timestamp) };
        const expiry = recordExpiry(updateExpiry(input, existing), now);
        records.update(applyInput({ ...existing, ...times, ...expiry }, item, memory));
      }),
    );
  }

  async function remove(
    input: BatchDeleteMemoryRecordsInput,
  ): Promise<BatchDeleteMemoryRecordsOutput> {
    const memory = memories.find(input.memoryId);
    return atomically(() =>
      writeEach(input.records ?? [], readId, ({ namespace }, id) => {
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

const readId = ({ memoryRecordId = '' }: { readonly memoryRecordId: string | undefined }) => ({
  memoryRecordId,
});

/** Returns the days after which an updated record expires. Without a specification, its own days count again. */
function updateExpiry(
  { recordExpirySpecification: specification }: BatchUpdateMemoryRecordsInput,
  { expiryDays }: RecordRow,
): number | null {
  return specification ? (specification.recordExpiryDurationDays ?? null) : expiryDays;
}

/** Returns a record with the members that the input sets. */
function applyInput(
  record: RecordRow,
  input: MemoryRecordCreateInput | MemoryRecordUpdateInput,
  { id, strategies }: StoredMemory,
): RecordRow {
  const { content, namespaces, memoryStrategyId, metadata } = input;
  if (
    memoryStrategyId !== undefined &&
    !strategies.some(({ strategyId }) => strategyId === memoryStrategyId)
  ) {
    const known = strategies.map(({ strategyId }) => strategyId).join(', ') || 'none';
    throw notFound(
      `memoryStrategyId: strategy '${memoryStrategyId}' does not exist in ${id}. Strategies: ${known}`,
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
