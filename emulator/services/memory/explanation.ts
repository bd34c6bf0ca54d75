import type { RetrieveMemoryRecordsInput } from '@aws-sdk/client-bedrock-agentcore';
import type { MemoryStore } from './memoryStore.ts';
import { resolveRecordScope } from './recordScope.ts';
import type { NumberedRecord, RecordScope, RecordStore } from './recordStore.ts';
import { DEFAULT_TOP_K, searchRecords, type SearchResult } from './search.ts';
import { scoreGain } from './relevance.ts';

/** Why a retrieval finds what it finds, and why it does not find the rest. */
export interface Explanation {
  /** How many records the request means, whatever their words. */
  readonly searched: number;
  readonly words: readonly {
    readonly word: string;
    readonly records: number;
    readonly rarity: number;
    readonly share: number;
  }[];
  readonly ignored: readonly string[];
  readonly formula: string;
  /** The best first; without words where it only fills up what was asked for. */
  readonly found: readonly FoundRecord[];
  /** Records with a word of the query that are not found, and what of the request excludes each. */
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
    /** As it stands in the record. */
    readonly forms: readonly string[];
    readonly bm25: number;
    readonly best: number;
    readonly gain: number;
  }[];
}

interface ExcludedRecord extends NamedRecord {
  readonly words: readonly string[];
  readonly why: readonly string[];
}

const FORMULA =
  'rarity = ln(1 + (searched + 1) / (records + 1)); share = rarity / all rarities; gain = share * bm25 / best; score = all gains';

/** Enough to see what is wrong with a request. */
const MOST_EXCLUDED = 20;

/** Says of a request what RetrieveMemoryRecords answers to it, and why. */
export function createExplanation({
  memories,
  records,
}: {
  memories: Pick<MemoryStore, 'find'>;
  records: RecordStore;
}) {
  return (input: RetrieveMemoryRecordsInput): Explanation => {
    const memory = memories.find(input.memoryId);
    const { searchQuery = '', topK = DEFAULT_TOP_K, ...criteria } = input.searchCriteria ?? {};
    const scope = resolveRecordScope(memory, input, criteria);
    const result = searchRecords(records, searchQuery, topK, scope);
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
      formula: FORMULA,
      found: found(records, result),
      excluded: excluded(records, result, scope, filters.map(asWritten)),
    };
  };
}

function found(records: RecordStore, { items, words }: SearchResult): FoundRecord[] {
  return items.map(({ row, score }) =>
    Object.assign(named(row), {
      score,
      words: words.flatMap((word) => {
        const hit = word.hits.find(({ number }) => number === row.number);
        if (!hit) return [];
        const forms = records.forms(word.word, row.number);
        const { best } = word;
        return { word: word.word, forms, bm25: hit.weight, best, gain: scoreGain(word, hit) };
      }),
    }),
  );
}

function excluded(
  records: RecordStore,
  { items, words }: SearchResult,
  scope: RecordScope,
  filters: readonly string[],
): ExcludedRecord[] {
  const { memory, namespace, below, strategy, conditions } = scope;
  const anywhere = { memory, namespace: null, below: false, strategy: undefined, conditions: [] };
  const here = new Set(items.map(({ row }) => row.number));
  const has = new Map<number, string[]>();
  for (const { word } of words) {
    for (const { number } of records.having(word, anywhere)) {
      if (!here.has(number)) has.set(number, [...(has.get(number) ?? []), word]);
    }
  }
  const most = [...has]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .slice(0, MOST_EXCLUDED);
  const rows = new Map(
    records.numbered(most.map(([number]) => number)).map((row) => [row.number, row]),
  );

  /** Each part of the request by itself. */
  function whyNot({ number, ...row }: NumberedRecord): string[] {
    const fails = (part: Partial<RecordScope>) => !records.isIn(number, { ...anywhere, ...part });
    const reasons: string[] = [];
    if (fails({ namespace, below })) {
      reasons.push(
        `its namespace is '${row.namespace}', which is not '${namespace}'${below ? ' nor under it' : ''}`,
      );
    }
    if (fails({ strategy })) {
      reasons.push(`its strategy is ${row.strategy}, and ${strategy} was asked for`);
    }
    for (const [index, condition] of conditions.entries()) {
      if (fails({ conditions: [condition] })) {
        reasons.push(`its metadata is ${row.metadata ?? '{}'}, which is not as ${filters[index]}`);
      }
    }
    return reasons.length > 0 ? reasons : [`there are ${items.length} better ones, as topK says`];
  }

  return most.flatMap(([number, itsWords]) => {
    const row = rows.get(number);
    return row ? Object.assign(named(row), { words: itsWords, why: whyNot(row) }) : [];
  });
}

const asWritten = (filter: object) => JSON.stringify(filter);

function named({ id, text, namespace, strategy }: NumberedRecord): NamedRecord {
  return { memoryRecordId: id, text, namespace, memoryStrategyId: strategy };
}
