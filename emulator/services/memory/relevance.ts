/** A record that contains a word of a query, with its BM25 weight. Higher is better. */
export interface TermHit {
  readonly number: number;
  readonly weight: number;
}

/** A word of a query with its weight among the searched records. */
export interface WeightedTerm {
  readonly word: string;
  readonly hits: readonly TermHit[];
  /** Grows as fewer records contain the word. Small if none does. */
  readonly rarity: number;
  /** The rarity divided by the rarity of all words: the maximum that the word adds to a score. */
  readonly share: number;
  /** The highest weight of the word in any record. */
  readonly best: number;
}

/** Common English words, and words of requests to remember, that a search ignores. */
const STOP_WORDS = new Set(
  `a about all am an and any are as at be been but by can could did do does for from had has have he
   her him his how i if in is it its know many me much my of on or our please remember remind s she
   show so some t tell than that the their them then there they this to us user was we were what when
   where which who whom whose why will with would you your`.split(/\s+/),
);

/** Factor for the rarity of a word that no record contains, which tells no records apart. */
const UNKNOWN_WORD_FACTOR = 0.25;

/** Maximum number of words to search for. A query can have 10,000 characters. */
const MAX_WORDS = 64;

/**
 * Splits a query into the words to search for and the words to ignore. Words consist of letters and
 * digits only, so that FTS5 finds no query syntax in them.
 */
export function queryTerms(query: string): {
  readonly words: string[];
  readonly ignored: string[];
} {
  const all = query.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const unique = [...new Set(all)];
  const significant = unique.filter((word) => !STOP_WORDS.has(word));
  const words = (significant.length > 0 ? significant : unique).slice(0, MAX_WORDS);
  return { words, ignored: unique.filter((word) => !words.includes(word)) };
}

/** Computes the weight of each word from its hits among `total` records. */
export function weightTerms(
  found: readonly Pick<WeightedTerm, 'word' | 'hits'>[],
  total: number,
): WeightedTerm[] {
  const rarities = found.map(
    ({ hits }) =>
      Math.log(1 + (total + 1) / (hits.length + 1)) * (hits.length > 0 ? 1 : UNKNOWN_WORD_FACTOR),
  );
  const totalRarity = rarities.reduce((sum, rarity) => sum + rarity, 0);
  return found.map(({ word, hits }, index) => ({
    word,
    hits,
    rarity: rarities[index]!,
    share: rarities[index]! / totalRarity,
    best: hits.reduce((most, { weight }) => Math.max(most, weight), 0),
  }));
}

/** Returns the amount that a word adds to a record's score: its share, scaled by the best weight. */
export function scoreGain({ share, best }: WeightedTerm, { weight }: TermHit): number {
  return share * (weight / best);
}

/**
 * Computes a score from 0 to 1 for each record that contains one of the words. A record with the best
 * weight of every word scores 1.
 */
export function scoreRecords(words: readonly WeightedTerm[]): Map<number, number> {
  const scores = new Map<number, number>();
  for (const word of words) {
    for (const hit of word.hits) {
      // Rounding can make the sum of all shares exceed 1.
      const score = Math.min(1, (scores.get(hit.number) ?? 0) + scoreGain(word, hit));
      scores.set(hit.number, score);
    }
  }
  return scores;
}
