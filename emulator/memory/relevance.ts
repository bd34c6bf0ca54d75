/** How well a record has one word of a query, by BM25: more is better. */
export interface Hit {
  readonly number: number;
  readonly weight: number;
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

/** The words of a query: letters and digits only, so that nothing of it is read as a search's syntax. */
export function wordsOf(query: string): string[] {
  const all = query.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const words = [...new Set(all)];
  const telling = words.filter((word) => !EMPTY.has(word));
  return (telling.length > 0 ? telling : words).slice(0, MOST_WORDS);
}

/**
 * A score from 0 to 1 for each record that has one of a query's words. `found` has the hits of each
 * word among `total` records. A word counts the more the rarer it is; a record has as much of it as it
 * is near to the record that has it best. Who has every word as well as any other has a score of 1.
 */
export function scoresOf(found: readonly (readonly Hit[])[], total: number): Map<number, number> {
  const rarities = found.map((hits) => Math.log(1 + (total + 1) / (hits.length + 1)));
  const whole = rarities.reduce((sum, rarity) => sum + rarity, 0);
  const scores = new Map<number, number>();
  found.forEach((hits, index) => {
    const best = hits.reduce((most, { weight }) => Math.max(most, weight), 0);
    for (const { number, weight } of hits) {
      const share = (rarities[index]! / whole) * (weight / best);
      // Of shares that are together the whole, rounding may make more.
      scores.set(number, Math.min(1, (scores.get(number) ?? 0) + share));
    }
  });
  return scores;
}
