import { createHash } from 'node:crypto';

/** A repeatable random generator: the same seed gives the same samples. */
export interface Random {
  /** Returns a whole number, including both bounds. */
  int(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
}

/** Creates a Mulberry32 generator, which is random enough for samples. */
export function createRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readInt32LE();
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return { int, pick: (items) => items[int(0, items.length - 1)]! };
}
