/** Alternating measurements of ours and its reference. */
export interface Pairs {
  readonly ours: number[];
  readonly reference: number[];
}

/**
 * Alternates both measurements and their order, so that other load on the machine affects both
 * equally. The first pairs only warm up.
 */
export async function measurePairs(
  { warmUp, count }: { warmUp: number; count: number },
  measure: { ours(): Promise<number>; reference(): Promise<number> },
): Promise<Pairs> {
  const pairs: Pairs = { ours: [], reference: [] };
  for (let turn = -warmUp; turn < count; turn++) {
    const order =
      turn % 2 === 0 ? (['ours', 'reference'] as const) : (['reference', 'ours'] as const);
    for (const side of order) {
      const measured = await measure[side]();
      if (turn >= 0) pairs[side].push(measured);
    }
  }
  return pairs;
}

/** Returns the same quantile of both sides, by default the median. */
export function quantiles(pairs: Pairs, share = 0.5): { ours: number; reference: number } {
  return { ours: quantile(pairs.ours, share), reference: quantile(pairs.reference, share) };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
