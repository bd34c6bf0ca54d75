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
import { invalid, notFound } from '../wire/errors.ts';
import { cutPage, pageOf } from '../wire/paging.ts';
import type { KeptMemory } from './keptMemory.ts';
import type { Memories } from './memories.ts';
import { recordConditions } from './recordConditions.ts';
import type { NumberedRow, RecordRow, RecordScope, RecordStore } from './recordStore.ts';
import { scoresOf, wordsOf } from './relevance.ts';

/** How many records AWS gives at once, and finds, where a caller does not say. */
const DEFAULT_PAGE = 20;
const DEFAULT_TOP = 10;

/** The operations by which records of long-term memory are read, found and deleted. */
export function createRecordOperations({
  memories,
  records,
}: {
  memories: Pick<Memories, 'find'>;
  records: RecordStore;
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
    const scope = scopeOf(memories.find(input.memoryId), input, input);
    const { items, nextToken } = cutPage(
      listName(scope),
      { ...input, maxResults: input.maxResults ?? DEFAULT_PAGE },
      (before, limit) => records.list(scope, Number(before ?? Number.MAX_SAFE_INTEGER), limit),
      ({ number }) => String(number),
    );
    return { memoryRecordSummaries: items.map(toRecord), nextToken };
  }

  async function retrieve(input: RetrieveMemoryRecordsInput): Promise<RetrieveMemoryRecordsOutput> {
    const { searchQuery = '', topK = DEFAULT_TOP, ...criteria } = input.searchCriteria ?? {};
    const scope = scopeOf(memories.find(input.memoryId), input, criteria);
    const { items, nextToken } = pageOf(
      listName({ ...scope, searchQuery, topK }),
      search(searchQuery, topK, scope),
      ({ row, score }) => `${(1 - score).toFixed(9)} ${Number.MAX_SAFE_INTEGER - row.number}`,
      { ...input, maxResults: input.maxResults ?? DEFAULT_PAGE },
    );
    return {
      memoryRecordSummaries: items.map(({ row, score }) => Object.assign(toRecord(row), { score })),
      nextToken,
    };
  }

  /**
   * The best first. As in the service, which gives what is nearest however far it is, records without
   * a word of the query follow, the newest first; their score is 0.
   */
  function search(
    query: string,
    top: number,
    scope: RecordScope,
  ): { readonly row: NumberedRow; readonly score: number }[] {
    const found = wordsOf(query).map((word) => records.having(word, scope));
    const scores = scoresOf(found, records.count(scope));
    const best = [...scores]
      .toSorted(([a, one], [b, other]) => other - one || b - a)
      .slice(0, top)
      .map(([number]) => number);
    const newest =
      best.length < top ? records.list(scope, Number.MAX_SAFE_INTEGER, top + best.length) : [];
    const rest = newest.filter(({ number }) => !scores.has(number)).slice(0, top - best.length);
    return [...records.numbered(best), ...rest].map((row) => ({
      row,
      score: scores.get(row.number) ?? 0,
    }));
  }

  return {
    GetMemoryRecord: { handle: get },
    DeleteMemoryRecord: { handle: remove },
    ListMemoryRecords: { handle: list },
    RetrieveMemoryRecords: { handle: retrieve },
  };
}

/** The record of an id; whoever says where it is means no other's. */
export function findRecord(
  records: Pick<RecordStore, 'get'>,
  memory: KeptMemory,
  id = '',
  namespace?: string,
): RecordRow {
  const row = records.get(memory.id, id);
  if (row && (namespace === undefined || namespace === row.namespace)) return row;
  const where = namespace === undefined ? memory.id : `${namespace} of ${memory.id}`;
  throw notFound(`There is no memory record '${id}' in ${where}`);
}

function scopeOf(
  memory: KeptMemory,
  { namespace, namespacePath }: Pick<ListMemoryRecordsInput, 'namespace' | 'namespacePath'>,
  {
    memoryStrategyId,
    metadataFilters,
  }: Pick<ListMemoryRecordsInput, 'memoryStrategyId' | 'metadataFilters'>,
): RecordScope {
  const place = namespace ?? namespacePath;
  if (place === undefined || (namespace !== undefined && namespacePath !== undefined)) {
    throw invalid(
      `namespace: ${place === undefined ? 'neither it nor namespacePath is given' : `'${namespace}' is given, and the namespacePath '${namespacePath}' too`}; give a namespace, for what is in exactly that one, or a namespacePath, for what is in it and under it`,
    );
  }
  return {
    memory: memory.id,
    namespace: place,
    below: namespacePath !== undefined,
    strategy: memoryStrategyId,
    conditions: recordConditions(metadataFilters, memory.indexedKeys),
  };
}

/** By which a token is known to be of the same request; a query may be too long to be in it. */
function listName(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}

function toRecord({ id, namespace, strategy, text, metadata, createdAt }: RecordRow): MemoryRecord {
  return {
    memoryRecordId: id,
    content: { text },
    memoryStrategyId: strategy,
    namespaces: namespace === '' ? [] : [namespace],
    createdAt: new Date(createdAt),
    metadata: metadata === null ? undefined : readMetadata(metadata),
  };
}

function readMetadata(json: string): Record<string, MemoryRecordMetadataValue> {
  return JSON.parse(json, (key, value: unknown) =>
    key === 'dateTimeValue' && typeof value === 'string' ? new Date(value) : value,
  ) as Record<string, MemoryRecordMetadataValue>;
}
