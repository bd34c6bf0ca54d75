import { expect, onTestFinished, test } from 'vitest';
import { BEGINNING, here } from '../../../support/memory.ts';
import { useOpenMemory } from './useOpenMemory.ts';
import { facts } from '../../../support/strategyMemory.ts';

/** Counts turns of the event loop, in which other requests can run. */
function useTurns(): () => number {
  let turns = 0;
  let next = setImmediate(count);
  function count() {
    turns += 1;
    next = setImmediate(count);
  }
  onTestFinished(() => clearImmediate(next));
  return () => turns;
}

test('A large session is extracted in portions, with turns of the event loop between them.', async () => {
  const countTurns = useTurns();
  const portions: { readonly size: number; readonly at: number }[] = [];
  const { operations, clock } = await useOpenMemory({
    name: 'counting',
    async extract(_, { messages: turns }) {
      portions.push({ size: turns.length, at: countTurns() });
      return [];
    },
  });
  const { memory } = await operations.CreateMemory.handle({
    name: 'Notes',
    eventExpiryDuration: 30,
    memoryStrategies: [facts],
  });
  for (let index = 0; index < 120; index += 1) {
    await operations.CreateEvent.handle({
      memoryId: memory?.id,
      ...here,
      eventTimestamp: new Date(BEGINNING + index),
      payload: [{ conversational: { role: 'USER', content: { text: 'hello' } } }],
    });
  }
  await clock.advance(15_000);
  expect(portions.map(({ size }) => size)).toEqual([50, 50, 20]);
  expect(new Set(portions.map(({ at }) => at)).size).toBe(3);
});
