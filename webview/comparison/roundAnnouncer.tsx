import type { JSX } from 'preact';
import type { PerLane } from '../../src/shared/chat/comparison.ts';
import { compareTurns, describeDifferences } from './compareTurns.ts';
import { lastCompletedRound, type RoundTurns } from './rounds.ts';

/** Announces the comparison of the latest round to screen readers. Visually hidden. */
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
    <p class="visuallyHidden" role="status">
      {comparisons && `Both answers are complete. ${describeDifferences(comparisons)}`}
    </p>
  );
}
