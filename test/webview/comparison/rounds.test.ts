import { expect, test } from 'vitest';
import type { Turn } from '../../../src/shared/chat/turn.ts';
import { groupByRound, lastCompletedRound } from '../../../webview/comparison/rounds.ts';

const turns = (...ids: string[]) => ids.map((id) => ({ id }) as Turn);
const listIds = (left: Turn[], right: Turn[], rounds: [string, string][]) =>
  groupByRound(
    { left, right },
    rounds.map(([l, r]) => ({ left: l, right: r })),
  ).map((round) => [round.left.map(({ id }) => id), round.right.map(({ id }) => id)]);

test('A round contains the shared prompt and the retries in either lane.', () => {
  expect(
    listIds(turns('a', 'b', 'b2'), turns('A', 'A2', 'B'), [
      ['a', 'A'],
      ['b', 'B'],
    ]),
  ).toEqual([
    [['a'], ['A', 'A2']],
    [['b', 'b2'], ['B']],
  ]);
});

test('A round without turns is empty.', () => {
  expect(
    listIds(turns('a', 'b'), turns('A'), [
      ['a', 'A'],
      ['b', 'B'],
    ]),
  ).toEqual([
    [['a'], ['A']],
    [['b'], []],
  ]);
});

test('The last prompted turns of a round are compared.', () => {
  const [first, retried] = turns('a', 'b') as [Turn, Turn];
  const unprompted = { id: 'c', isUnprompted: true } as Turn;
  expect(lastCompletedRound({ left: [first, retried, unprompted], right: [first] })).toEqual({
    left: retried,
    right: first,
  });
  expect(lastCompletedRound({ left: [first], right: [] })).toBeNull();
});
