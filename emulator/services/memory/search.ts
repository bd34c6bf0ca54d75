import type { NumberedRecord, RecordScope, RecordStore } from './recordStore.ts';
import { scoreRecords, weightTerms, queryTerms, type WeightedTerm } from './relevance.ts';

/** What a search found, and by what. */
export interface SearchResult {
  readonly items: readonly { readonly row: NumberedRecord; readonly score: number }[];
  readonly words: readonly WeightedTerm[];
  /** What of the query was not searched for. */
  readonly ignored: readonly string[];
  /** How many records were searched. */
  readonly total: number;
}

/** How many records AWS finds where a caller does not say. */
export const DEFAULT_TOP_K = 10;

/**
 * The best first. As in the service, which gives what is nearest however far it is, records without
 * a word of the query follow, the newest first; their score is 0.
 */
export function searchRecords(
  records: RecordStore,
  query: string,
  top: number,
  scope: RecordScope,
): SearchResult {
  const { words: wanted, ignored } = queryTerms(query);
  const total = records.count(scope);
  const words = weightTerms(
    wanted.map((word) => ({ word, hits: records.having(word, scope) })),
    total,
  );
  const scores = scoreRecords(words);
  const best = [...scores]
    .toSorted(([a, one], [b, other]) => other - one || b - a)
    .slice(0, top)
    .map(([number]) => number);
  const newest =
    best.length < top ? records.list(scope, Number.MAX_SAFE_INTEGER, top + best.length) : [];
  const rest = newest.filter(({ number }) => !scores.has(number)).slice(0, top - best.length);
  const items = [...records.numbered(best), ...rest]
    .map((row) => ({ row, score: scores.get(row.number) ?? 0 }))
    .toSorted((one, other) => other.score - one.score || other.row.number - one.row.number);
  return { items, words, ignored, total };
}
