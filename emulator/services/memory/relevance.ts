/** How well a record has one word of a query, by BM25: more is better. */
export interface TermHit {
  readonly number: number;
  readonly weight: number;
}

/** A word of a query, and what it counts among the records that are searched. */
export interface WeightedTerm {
  readonly word: string;
  readonly hits: readonly TermHit[];
  /** It counts the more, the fewer records have it. */
  readonly rarity: number;
  /** Its part of the rarity of all words: what a record adds to its score by it at most. */
  readonly share: number;
  /** The weight of the record that has it best. */
  readonly best: number;
}

/** Words of questions that say nothing of what is asked for. */
const EMPTY = new Set(
  `a about all am an and any are as at be been but by can could did do does for from had has have he
   her him his how i if in is it its know me my of on or our she so some tell than that the their
   them then there they this to us user was we were what when where which who whom whose why will with
   would you your`.split(/\s+/),
);

/** The most words of a query that count; one may have ten thousand characters. */
const MOST_WORDS = 64;

/**
 * The words of a query that are searched for, and those that are not: letters and digits only, so that
 * nothing of it is read as a search's syntax.
 */
export function queryTerms(query: string): {
  readonly words: string[];
  readonly ignored: string[];
} {
  const all = query.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const every = [...new Set(all)];
  const telling = every.filter((word) => !EMPTY.has(word));
  const words = (telling.length > 0 ? telling : every).slice(0, MOST_WORDS);
  return { words, ignored: every.filter((word) => !words.includes(word)) };
}

/** What each word counts, by its hits among `total` records. */
export function weightTerms(
  found: readonly Pick<WeightedTerm, 'word' | 'hits'>[],
  total: number,
): WeightedTerm[] {
  const rarities = found.map(({ hits }) => Math.log(1 + (total + 1) / (hits.length + 1)));
  const whole = rarities.reduce((sum, rarity) => sum + rarity, 0);
  return found.map(({ word, hits }, index) => ({
    word,
    hits,
    rarity: rarities[index]!,
    share: rarities[index]! / whole,
    best: hits.reduce((most, { weight }) => Math.max(most, weight), 0),
  }));
}

/** What a word adds to a record's score: as much of its share as the record is near to the best. */
export function scoreGain({ share, best }: WeightedTerm, { weight }: TermHit): number {
  return share * (weight / best);
}

/**
 * A score from 0 to 1 for each record that has one of the words. Who has every word as well as any
 * other has a score of 1.
 */
export function scoreRecords(words: readonly WeightedTerm[]): Map<number, number> {
  const scores = new Map<number, number>();
  for (const word of words) {
    for (const hit of word.hits) {
      // Of shares that are together the whole, rounding may make more.
      const score = Math.min(1, (scores.get(hit.number) ?? 0) + scoreGain(word, hit));
      scores.set(hit.number, score);
    }
  }
  return scores;
}
