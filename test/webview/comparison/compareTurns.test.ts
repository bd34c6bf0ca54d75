import { expect, test } from 'vitest';
import type { Part } from '../../../src/shared/chat/answer.ts';
import type { Outcome, Turn } from '../../../src/shared/chat/turn.ts';
import {
  compareTurns,
  describeDifferences,
  distinctNames,
} from '../../../webview/comparison/compareTurns.ts';
import { exampleModelCalls } from '../../support/sampleTurns.ts';

const names = { left: 'Ada', right: 'Bob' };
const completed: Outcome = { type: 'completed' };

function turn({
  text = 'Hello',
  tools = [],
  ...other
}: Partial<Turn> & { readonly text?: string; readonly tools?: readonly string[] } = {}): Turn {
  const used = tools.map((name, index): Part => ({
    type: 'tool',
    id: `${index}`,
    name,
    input: '{}',
    result: null,
    startedAt: 0,
    endedAt: null,
  }));
  return {
    id: 'turn',
    prompt: 'Hi',
    opening: null,
    parts: [...used, { type: 'text', text }],
    usage: null,
    askedAt: 1000,
    firstAt: 1400,
    endedAt: 3000,
    outcome: completed,
    ...other,
  };
}

function rows(left: Turn, right: Turn) {
  return Object.fromEntries(
    compareTurns({ left, right }, names)!.map(({ metric, values, less, difference }) => [
      metric,
      [values.left, values.right, less, difference],
    ]),
  );
}

test('Times are compared from the prompt on, and the faster agent is named.', () => {
  expect(rows(turn({ firstAt: 1900, endedAt: 2500 }), turn())).toEqual({
    'First word': ['900 ms', '400 ms', 'right', 'Bob 500 ms sooner'],
    Duration: ['1.5 s', '2.0 s', 'left', 'Ada 500 ms shorter'],
    Answer: ['1 word', '1 word', null, 'the same text'],
  });
});

test('Values that look the same count as equal.', () => {
  const { Duration } = rows(turn({ endedAt: 3001 }), turn());
  expect(Duration).toEqual(['2.0 s', '2.0 s', null, 'the same']);
});

test('Tokens and costs are compared if both agents report them, and shown if one does.', () => {
  const compared = rows(
    turn({ usage: { inputTokens: 1200, outputTokens: 30, costInDollars: 0.0021 } }),
    turn({ usage: { outputTokens: 50, costInDollars: 0.001 } }),
  );
  expect(compared).toMatchObject({
    'Tokens in': ['1,200', 'not reported', null, ''],
    'Tokens out': ['30', '50', 'left', 'Ada 20 fewer'],
    Cost: ['$0.0021', '$0.0010', 'right', 'Bob $0.0011 less'],
  });
});

test('Model calls that the emulator measured replace what an agent reports.', () => {
  const compared = rows(
    turn({ usage: { inputTokens: 7 }, modelCalls: exampleModelCalls }),
    turn({ usage: { inputTokens: 2000 } }),
  );
  expect(compared).toMatchObject({
    'Tokens in': ['2,408', '2,000', 'right', 'Bob 408 fewer'],
    'Tokens out': ['96', 'not reported', null, ''],
  });
});

test('Tools are listed with their number of uses, and those that only one agent used are named.', () => {
  const tools = (left: string[], right: string[]) =>
    rows(turn({ tools: left }), turn({ tools: right }))['Tools'];
  expect(tools(['search', 'add', 'search'], ['add'])).toEqual([
    'add, search × 2',
    'add',
    null,
    'only Ada: search',
  ]);
  expect(tools(['a'], ['b'])).toEqual(['a', 'b', null, 'only Ada: a; only Bob: b']);
  expect(tools(['a', 'a'], ['a'])).toEqual(['a × 2', 'a', null, 'the same tools']);
  expect(tools([], ['a'])).toEqual(['none', 'a', null, 'only Bob: a']);
  expect(tools([], [])).toBeUndefined();
});

test('Answers are the same, the same except for spaces, or different.', () => {
  const answer = (left: string, right: string) =>
    rows(turn({ text: left }), turn({ text: right }))['Answer'];
  expect(answer('One two', 'One  two\n')).toEqual([
    '2 words',
    '2 words',
    null,
    'the same except for spaces',
  ]);
  expect(answer('One', 'Two')?.at(-1)).toBe('different text');
  expect(answer('你好世界', '')?.slice(0, 2)).toEqual(['2 words', '0 words']);
});

test('A failed turn is not reported as faster.', () => {
  const failure = { name: 'RuntimeClientError', message: 'no' };
  const failed = turn({ outcome: { type: 'failed', failure }, endedAt: 1100 });
  expect(rows(failed, turn())).toMatchObject({
    Duration: ['100 ms', '2.0 s', null, ''],
    Answer: ['failed: RuntimeClientError', '1 word', null, 'only Bob answered'],
  });
  const stopped = turn({ outcome: { type: 'canceled' } });
  expect(rows(failed, stopped)['Answer']?.slice(1)).toEqual(['stopped', null, 'neither completed']);
});

test('Turns are not compared before both have ended.', () => {
  const running = turn({ outcome: null, endedAt: null });
  expect(compareTurns({ left: turn(), right: running }, names)).toBeNull();
});

test('Differences are described in sentences.', () => {
  const comparisons = compareTurns({ left: turn({ firstAt: 1900 }), right: turn() }, names)!;
  expect(describeDifferences(comparisons)).toBe(
    'First word: Bob 500 ms sooner. Duration: the same. Answer: the same text.',
  );
});

test('Agents with the same name are distinguished by their side.', () => {
  expect(distinctNames(names)).toEqual(names);
  expect(distinctNames({ left: 'Ada', right: 'Ada' })).toEqual({
    left: 'Ada (left)',
    right: 'Ada (right)',
  });
});
