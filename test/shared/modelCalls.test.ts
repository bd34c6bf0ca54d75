import { expect, test } from 'vitest';
import {
  addModelCall,
  describeModelCall,
  describeModelCalls,
  MAX_LISTED_CALLS,
  type TurnModelCalls,
} from '../../src/shared/chat/modelCalls.ts';
import type { ModelCallSummary } from '../../src/shared/session.ts';
import { createModelCall } from '../support/sampleTurns.ts';

const sum = (...calls: readonly ModelCallSummary[]) =>
  calls.reduce(addModelCall, undefined as TurnModelCalls | undefined)!;

test('Totals include cached tokens and all known costs.', () => {
  const calls = sum(
    createModelCall({ inputTokens: 4, cacheReadTokens: 1000, cacheWriteTokens: 200 }),
    createModelCall({ inputTokens: 30, cost: null, timeToFirstToken: 1 }),
  );
  expect(describeModelCalls(calls)).toEqual([
    '2 model calls',
    '1,234 tokens in, 96 out',
    'first token 120 ms',
    'about $0.0021',
  ]);
});

test('A failed call is counted, and its error is kept up to a limit.', () => {
  const calls = sum(
    createModelCall({ error: 'x'.repeat(9000), cost: null, timeToFirstToken: null }),
  );
  expect(describeModelCalls(calls)).toEqual(['1 model call', '1 failed', '602 tokens in, 48 out']);
  expect(calls.listed[0]!.error).toHaveLength(2000);
});

test('Only the first of very many calls are listed, but the totals include all.', () => {
  const calls = sum(...Array.from({ length: 1234 }, () => createModelCall({ inputTokens: 1 })));
  expect(calls.listed).toHaveLength(MAX_LISTED_CALLS);
  expect(describeModelCalls(calls).slice(0, 2)).toEqual([
    '1,234 model calls',
    '1,234 tokens in, 59,232 out',
  ]);
});

test('A call is described with its tools, cached tokens and stop reason.', () => {
  const call = createModelCall({
    cacheReadTokens: 512,
    tools: ['add', 'divide'],
    stopReason: 'toolUse',
    timeToFirstToken: 2345,
  });
  expect(describeModelCall(call)).toEqual([
    '1,114 tokens in, 48 out',
    '512 read from cache',
    'first token 2.3 s',
    'called add, divide',
    'stop reason: tool use',
    'about $0.0021',
  ]);
});
