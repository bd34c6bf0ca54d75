import { expect, test } from 'vitest';
import type { Turn } from '../../../src/shared/chat/turn.ts';
import { groupByRound, lastCompletedRound } from '../../../webview/comparison/rounds.ts';

const turns = (...ids: string[]) => ids.map((id) => ({ id }) as Turn);
const idsIn = (left: Turn[], right: Turn[], rounds: [string, string][]) =>
  groupByRound(
    { left, right },
    rounds.map(([l, r]) => ({ left: l, right: r })),
  ).map((round) => [round.left.map(({ id }) => id), round.right.map(({ id }) => id)]);

test('a round has the turns that were asked together, and those that one side was asked again', () => {
  expect(
    idsIn(turns('a', 'b', 'b2'), turns('A', 'A2', 'B'), [
      ['a', 'A'],
      ['b', 'B'],
    ]),
  ).toEqual([
    [['a'], ['A', 'A2']],
    [['b', 'b2'], ['B']],
  ]);
});

test('a round that is told of before its turns come is empty until then', () => {
  expect(
    idsIn(turns('a', 'b'), turns('A'), [
      ['a', 'A'],
      ['b', 'B'],
    ]),
  ).toEqual([
    [['a'], ['A']],
    [['b'], []],
  ]);
});

test('compared is what was answered last to a question', () => {
  const [asked, again] = turns('a', 'b') as [Turn, Turn];
  const unasked = { id: 'c', isUnasked: true } as Turn;
  expect(lastCompletedRound({ left: [asked, again, unasked], right: [asked] })).toEqual({
    left: again,
    right: asked,
  });
  expect(lastCompletedRound({ left: [asked], right: [] })).toBeNull();
});
