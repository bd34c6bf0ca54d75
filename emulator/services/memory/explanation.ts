import type { RetrieveMemoryRecordsInput } from '@aws-sdk/client-bedrock-agentcore';
import type { MemoryStore } from './memoryStore.ts';
import { resolveRecordScope } from './recordScope.ts';
import type { NumberedRecord, RecordStore } from './recordStore.ts';
import type { RecordScope } from './scopeCondition.ts';
import { DEFAULT_TOP_K, type RecordSearch, type SearchResult } from './search.ts';
import { queryTerms, scoreGain } from './relevance.ts';

/** Explains the results of a retrieval and the records that it excludes. */
export interface Explanation {
  /** Number of records in the scope of the request. */
  readonly searched: number;
  readonly words: readonly {
    readonly word: string;
    readonly records: number;
    readonly rarity: number;
    readonly share: number;
  }[];
  readonly ignored: readonly string[];
  readonly formula: string;
  /** Ordered by score. A record without words fills up the results to topK. */
  readonly found: readonly FoundRecord[];
  /** Records that contain a word of the query but are not found, with the reasons. */
  readonly excluded: readonly ExcludedRecord[];
}

interface NamedRecord {
  readonly memoryRecordId: string;
  readonly text: string;
  readonly namespace: string;
  readonly memoryStrategyId: string;
}

interface FoundRecord extends NamedRecord {
  readonly score: number;
  readonly words: readonly {
    readonly word: string;
    /** Forms of the word in the record. */
    readonly forms: readonly string[];
    readonly bm25: number;
    readonly best: number;
    readonly gain: number;
  }[];
}

interface ExcludedRecord extends NamedRecord {
  readonly words: readonly string[];
  readonly reasons: readonly string[];
}

const MAX_EXCLUDED = 20;

/** Creates a function that explains a RetrieveMemoryRecords request. */
export function createExplanation({
  memories,
  records,
  search,
}: {
  memories: Pick<MemoryStore, 'find'>;
  records: RecordStore;
  search: RecordSearch;
}) {
  return async (input: RetrieveMemoryRecordsInput): Promise<Explanation> => {
    const memory = memories.find(input.memoryId);
    const { searchQuery = '', topK = DEFAULT_TOP_K, ...criteria } = input.searchCriteria ?? {};
    const scope = resolveRecordScope(memory, input, criteria);
    const result = await search(searchQuery, topK, scope, null);
    const filters = input.searchCriteria?.metadataFilters ?? [];
    return {
      searched: result.total,
      words: result.words.map(({ word, hits, rarity, share }) => ({
        word,
        records: hits.length,
        rarity,
        share,
      })),
      ignored: result.ignored,
      formula: result.formula,
      found: describeFound(records, result),
      excluded: findExcluded(
        records,
        result,
        queryTerms(searchQuery).words,
        scope,
        filters.map(formatFilter),
      ),
    };
  };
}

function describeFound(records: RecordStore, { items, words }: SearchResult): FoundRecord[] {
  return items.map(({ row, score }) =>
    Object.assign(toNamedRecord(row), {
      score,
      words: words.flatMap((word) => {
        const hit = word.hits.find(({ number }) => number === row.number);
        if (!hit) return [];
        const forms = records.findTermForms(word.word, row.number);
        const { best } = word;
        return { word: word.word, forms, bm25: hit.weight, best, gain: scoreGain(word, hit) };
      }),
    }),
  );
}

function findExcluded(
  records: RecordStore,
  { items }: SearchResult,
  words: readonly string[],
  scope: RecordScope,
  filters: readonly string[],
): ExcludedRecord[] {
  const { memory, namespace, includesNested, strategy, conditions } = scope;
  const wholeMemory = {
    memory,
    namespace: null,
    includesNested: false,
    strategy: undefined,
    conditions: [],
  };
  const foundNumbers = new Set(items.map(({ row }) => row.number));
  const wordsByNumber = new Map<number, string[]>();
  for (const word of words) {
    for (const { number } of records.findByTerm(word, wholeMemory)) {
      if (!foundNumbers.has(number))
        wordsByNumber.set(number, [...(wordsByNumber.get(number) ?? []), word]);
    }
  }
  const candidates = [...wordsByNumber]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .slice(0, MAX_EXCLUDED);
  const rows = new Map(
    records.getByNumbers(candidates.map(([number]) => number)).map((row) => [row.number, row]),
  );

  /** Tests each part of the request on its own. */
  function exclusionReasons({ number, ...row }: NumberedRecord): string[] {
    const isExcludedBy = (part: Partial<RecordScope>) =>
      !records.isInScope(number, { ...wholeMemory, ...part });
    const reasons: string[] = [];
    if (isExcludedBy({ namespace, includesNested })) {
      reasons.push(
        `Its namespace is '${row.namespace}', not '${namespace}'${includesNested ? ' or below it' : ''}.`,
      );
    }
    if (isExcludedBy({ strategy })) {
      reasons.push(`Its strategy is ${row.strategy}, not ${strategy}.`);
    }
    for (const [index, condition] of conditions.entries()) {
      if (isExcludedBy({ conditions: [condition] })) {
        reasons.push(`Its metadata ${row.metadata ?? '{}'} does not match ${filters[index]}.`);
      }
    }
    return reasons.length > 0
      ? reasons
      : [`topK is ${items.length}, and ${items.length} other records rank higher.`];
  }

  return candidates.flatMap(([number, recordWords]) => {
    const row = rows.get(number);
    return row
      ? Object.assign(toNamedRecord(row), { words: recordWords, reasons: exclusionReasons(row) })
      : [];
  });
}

const formatFilter = (filter: object) => JSON.stringify(filter);

function toNamedRecord({ id, text, namespace, strategy }: NumberedRecord): NamedRecord {
  return { memoryRecordId: id, text, namespace, memoryStrategyId: strategy };
}
