import type { Caller } from '../../caller.ts';
import type { NumberedRecord, RecordStore } from './recordStore.ts';
import type { RecordScope } from './scopeCondition.ts';
import { scoreRecords, weightTerms, queryTerms, type WeightedTerm } from './relevance.ts';

/** The results of a search and the words that it used. */
export interface SearchResult {
  readonly items: readonly { readonly row: NumberedRecord; readonly score: number }[];
  readonly words: readonly WeightedTerm[];
  /** Words of the query that the search ignored. */
  readonly ignored: readonly string[];
  /** Number of searched records. */
  readonly total: number;
  /** The formula of the scores. */
  readonly formula: string;
}

/** Finds up to `topK` records for a query, best first. */
export type RecordSearch = (
  query: string,
  topK: number,
  scope: RecordScope,
  caller: Caller | null,
) => SearchResult | Promise<SearchResult>;

const FORMULA =
  'rarity = ln(1 + (searched + 1) / (records + 1)), a quarter of it if records = 0; share = rarity / all rarities; gain = share * bm25 / best; score = all gains';

/** Default of topK in AWS. */
export const DEFAULT_TOP_K = 10;

/**
 * Finds up to `topK` records, best first. AWS returns the nearest records even when they are far, so
 * the newest records without a word of the query follow with a score of 0.
 */
export function searchRecords(
  records: RecordStore,
  query: string,
  topK: number,
  scope: RecordScope,
): SearchResult {
  const { words: queryWords, ignored } = queryTerms(query);
  const total = records.count(scope);
  const words = weightTerms(
    queryWords.map((word) => ({ word, hits: records.findByTerm(word, scope) })),
    total,
  );
  const scores = scoreRecords(words);
  const best = [...scores]
    .toSorted(([a, left], [b, right]) => right - left || b - a)
    .slice(0, topK)
    .map(([number]) => number);
  const newest =
    best.length < topK ? records.list(scope, Number.MAX_SAFE_INTEGER, topK + best.length) : [];
  const rest = newest.filter(({ number }) => !scores.has(number)).slice(0, topK - best.length);
  const items = [...records.getByNumbers(best), ...rest]
    .map((row) => ({ row, score: scores.get(row.number) ?? 0 }))
    .toSorted((left, right) => right.score - left.score || right.row.number - left.row.number);
  return { items, words, ignored, total, formula: FORMULA };
}
