import { createHash } from 'node:crypto';
import type {
  DeleteMemoryRecordInput,
  DeleteMemoryRecordOutput,
  GetMemoryRecordInput,
  GetMemoryRecordOutput,
  ListMemoryRecordsInput,
  ListMemoryRecordsOutput,
  MemoryRecord,
  MemoryRecordMetadataValue,
  RetrieveMemoryRecordsInput,
  RetrieveMemoryRecordsOutput,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Caller } from '../../caller.ts';
import { notFound } from '../../wire/errors.ts';
import { readPage, paginate } from '../../wire/paging.ts';
import type { StoredMemory } from './storedMemory.ts';
import type { MemoryStore } from './memoryStore.ts';
import { memoryPage } from './memoryPage.ts';
import { resolveRecordScope } from './recordScope.ts';
import type { RecordRow, RecordStore } from './recordStore.ts';
import type { RetrievalLog } from './retrievalLog.ts';
import { DEFAULT_TOP_K, type RecordSearch } from './search.ts';

/** Creates the operations that read, find and delete records of long-term memory. */
export function createRecordOperations({
  memories,
  records,
  retrievals,
  search,
}: {
  memories: Pick<MemoryStore, 'find'>;
  records: RecordStore;
  retrievals: Pick<RetrievalLog, 'add'>;
  search: RecordSearch;
}) {
  function find({ memoryId, memoryRecordId, namespace }: GetMemoryRecordInput): RecordRow {
    return findRecord(records, memories.find(memoryId), memoryRecordId, namespace);
  }

  async function get(input: GetMemoryRecordInput): Promise<GetMemoryRecordOutput> {
    return { memoryRecord: toRecord(find(input)) };
  }

  async function remove(input: DeleteMemoryRecordInput): Promise<DeleteMemoryRecordOutput> {
    const { id } = find(input);
    records.remove(id);
    return { memoryRecordId: id };
  }

  async function list(input: ListMemoryRecordsInput): Promise<ListMemoryRecordsOutput> {
    const scope = resolveRecordScope(memories.find(input.memoryId), input, input);
    const { items, nextToken } = readPage(
      requestDigest(scope),
      memoryPage(input),
      (before, limit) => records.list(scope, Number(before ?? Number.MAX_SAFE_INTEGER), limit),
      ({ number }) => String(number),
    );
    return { memoryRecordSummaries: items.map(toSummary), nextToken };
  }

  async function retrieve(
    input: RetrieveMemoryRecordsInput,
    caller: Caller | null = null,
  ): Promise<RetrieveMemoryRecordsOutput> {
    const { searchQuery = '', topK = DEFAULT_TOP_K, ...criteria } = input.searchCriteria ?? {};
    const memory = memories.find(input.memoryId);
    const scope = resolveRecordScope(memory, input, criteria);
    const found = await search(searchQuery, topK, scope, caller);
    const { items, nextToken } = paginate(
      requestDigest({ ...scope, searchQuery, topK }),
      found.items,
      ({ row, score }) => `${(1 - score).toFixed(9)} ${Number.MAX_SAFE_INTEGER - row.number}`,
      memoryPage(input),
    );
    const output = {
      memoryRecordSummaries: items.map(({ row, score }) =>
        Object.assign(toSummary(row), { score }),
      ),
      nextToken,
    };
    retrievals.add(memory.id, input, output);
    return output;
  }

  return {
    GetMemoryRecord: { handle: get },
    DeleteMemoryRecord: { handle: remove },
    ListMemoryRecords: { handle: list },
    RetrieveMemoryRecords: { handle: retrieve },
  };
}

/** Finds a record by id and, when given, namespace. Throws when it does not exist. */
export function findRecord(
  records: Pick<RecordStore, 'get'>,
  memory: StoredMemory,
  id = '',
  namespace?: string,
): RecordRow {
  const row = records.get(memory.id, id);
  if (row && (namespace === undefined || namespace === row.namespace)) return row;
  const where = namespace === undefined ? memory.id : `${namespace} of ${memory.id}`;
  throw notFound(`Memory record '${id}' does not exist in ${where}`);
}

/** Identifies a request in its page tokens. A hash, because a query can be too long for a token. */
function requestDigest(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}

function toRecord(row: RecordRow): MemoryRecord {
  const { expiresAt } = row;
  return {
    ...toSummary(row),
    expiresAt: expiresAt === null ? undefined : new Date(expiresAt),
  };
}

/** Returns a record as lists and retrievals contain it: without its expiry. */
function toSummary(row: RecordRow): Omit<MemoryRecord, 'expiresAt'> {
  const { id, namespace, strategy, text, metadata, createdAt, timestamp } = row;
  return {
    memoryRecordId: id,
    content: { text },
    memoryStrategyId: strategy,
    namespaces: namespace === '' ? [] : [namespace],
    createdAt: new Date(createdAt),
    timestamp: new Date(timestamp),
    metadata: metadata === null ? undefined : readMetadata(metadata),
  };
}

function readMetadata(json: string): Record<string, MemoryRecordMetadataValue> {
  return JSON.parse(json, (key, value: unknown) =>
    key === 'dateTimeValue' && typeof value === 'string' ? new Date(value) : value,
  ) as Record<string, MemoryRecordMetadataValue>;
}
