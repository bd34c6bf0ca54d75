import type { PerLane, Lane, Round } from '../../src/shared/chat/comparison.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';

/** The turns that were asked together, and after them those that asked one side again. */
export type RoundTurns = PerLane<readonly Turn[]>;

/** The turns of both sides, round by round. */
export function groupByRound(
  turns: PerLane<readonly Turn[]>,
  rounds: readonly Round[],
): readonly RoundTurns[] {
  const parted = { left: partAt(turns, rounds, 'left'), right: partAt(turns, rounds, 'right') };
  return rounds.map((_, index) => ({ left: parted.left[index]!, right: parted.right[index]! }));
}

function partAt(
  turns: PerLane<readonly Turn[]>,
  rounds: readonly Round[],
  lane: Lane,
): readonly (readonly Turn[])[] {
  const starts = rounds.map((round) => turns[lane].findIndex(({ id }) => id === round[lane]));
  return starts.map((start, index) =>
    // One that has not come yet; what follows it has not, either.
    start === -1 ? [] : turns[lane].slice(start, followingStart(starts, index)),
  );
}

function followingStart(starts: readonly number[], index: number): number | undefined {
  const next = starts[index + 1];
  return next === -1 ? undefined : next;
}

/** The last answers to what was asked on both sides; null where one has none yet. */
export function lastCompletedRound({ left, right }: RoundTurns): PerLane<Turn> | null {
  const [one, other] = [left.findLast(isAsked), right.findLast(isAsked)];
  return one && other ? { left: one, right: other } : null;
}

/** An agent on a web socket may speak of its own accord. */
function isAsked({ isUnasked }: Turn): boolean {
  return !isUnasked;
}
