import type { PerLane, Lane, Round } from '../../src/shared/chat/comparison.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';

/** Turns of one round: the shared prompt, then retries in either lane. */
export type RoundTurns = PerLane<readonly Turn[]>;

/** Groups the turns of both lanes by round. */
export function groupByRound(
  turns: PerLane<readonly Turn[]>,
  rounds: readonly Round[],
): readonly RoundTurns[] {
  const groups = {
    left: groupLane(turns, rounds, 'left'),
    right: groupLane(turns, rounds, 'right'),
  };
  return rounds.map((_, index) => ({ left: groups.left[index]!, right: groups.right[index]! }));
}

function groupLane(
  turns: PerLane<readonly Turn[]>,
  rounds: readonly Round[],
  lane: Lane,
): readonly (readonly Turn[])[] {
  const starts = rounds.map((round) => turns[lane].findIndex(({ id }) => id === round[lane]));
  return starts.map((start, index) =>
    // The turn has not arrived yet, so later ones have not either.
    start === -1 ? [] : turns[lane].slice(start, nextStart(starts, index)),
  );
}

function nextStart(starts: readonly number[], index: number): number | undefined {
  const next = starts[index + 1];
  return next === -1 ? undefined : next;
}

/** The last prompted turn of each lane; null if a lane has none yet. */
export function lastCompletedRound({ left, right }: RoundTurns): PerLane<Turn> | null {
  const [one, other] = [left.findLast(isPrompted), right.findLast(isPrompted)];
  return one && other ? { left: one, right: other } : null;
}

/** False for a turn that the agent started on a WebSocket. */
function isPrompted({ isUnprompted }: Turn): boolean {
  return !isUnprompted;
}
