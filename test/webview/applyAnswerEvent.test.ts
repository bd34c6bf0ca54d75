import { expect, test } from 'vitest';
import { applyAnswerEvent } from '../../src/shared/chat/applyAnswerEvent.ts';
import type { AnswerEvent } from '../../src/shared/chat/answer.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { exampleTurn } from '../support/chatState.ts';

const asked = exampleTurn({ askedAt: 100 });

/** The turn after these events, 10 ms apart. */
function after(...events: AnswerEvent[]): Turn {
  return events.reduce(
    (turn, event, index) => applyAnswerEvent(turn, event, 110 + 10 * index),
    asked,
  );
}

test('Text is joined until another part follows.', () => {
  const { parts, firstAt } = after(
    { type: 'usage', usage: { inputTokens: 1 } },
    { type: 'thinking', text: 'h' },
    { type: 'thinking', text: 'm' },
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
    { type: 'guardrail', text: 'no' },
    { type: 'text', text: 'c' },
  );
  expect(parts).toEqual([
    { type: 'thinking', text: 'hm' },
    { type: 'text', text: 'ab' },
    { type: 'guardrail', text: 'no' },
    { type: 'text', text: 'c' },
  ]);
  // Usage does not count as the first token.
  expect(firstAt).toBe(120);
});

test('Parallel tool calls keep their own arguments, results and times.', () => {
  const { parts } = after(
    { type: 'tool', id: '1', name: 'add' },
    { type: 'tool', id: '2', name: 'divide' },
    { type: 'toolInput', id: '1', json: '{"a":' },
    { type: 'toolInput', id: '2', json: '{}' },
    { type: 'toolInput', id: '1', json: '1}' },
    { type: 'toolResult', id: '2', result: { text: 'by zero', failed: true } },
    { type: 'text', text: 'so' },
    { type: 'toolResult', id: '1', result: { text: '2', failed: false } },
  );
  expect(parts).toEqual([
    {
      type: 'tool',
      id: '1',
      name: 'add',
      input: '{"a":1}',
      result: { text: '2', failed: false },
      startedAt: 110,
      endedAt: 180,
    },
    {
      type: 'tool',
      id: '2',
      name: 'divide',
      input: '{}',
      result: { text: 'by zero', failed: true },
      startedAt: 120,
      endedAt: 160,
    },
    { type: 'text', text: 'so' },
  ]);
});

test('Input of an unknown tool call throws.', () => {
  expect(() => after({ type: 'toolInput', id: '7', json: '{}' })).toThrow('the tool use 7');
});
