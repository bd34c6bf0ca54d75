import type { JSX } from 'preact';
import type { PerLane } from '../../src/shared/chat/comparison.ts';
import { compareTurns, describeDifferences } from './compareTurns.ts';
import { lastCompletedRound, type RoundTurns } from './rounds.ts';

/** Tells a screen reader how the last two answers compare, once both are there; nobody sees it. */
export function RoundAnnouncer({
  round,
  names,
}: {
  readonly round: RoundTurns | undefined;
  readonly names: PerLane<string>;
}): JSX.Element {
  const turns = round ? lastCompletedRound(round) : null;
  const comparisons = turns && compareTurns(turns, names);
  return (
    <p class="unseen" role="status">
      {comparisons && `Both are done. ${describeDifferences(comparisons)}`}
    </p>
  );
}
