import { expect, onTestFinished, test } from 'vitest';
import { BEGINNING, here } from '../../../support/memory.ts';
import { useMemoryService } from '../../../support/memoryService.ts';
import { facts } from '../../../support/strategyMemory.ts';

/** Counts the turns of the event loop, in which others are answered. */
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

test('of a session with much to extract a part is read at a time, and others have their turn between', async () => {
  const turnsOf = useTurns();
  const portions: { readonly size: number; readonly at: number }[] = [];
  const { operations, clock } = await useMemoryService({
    name: 'counting',
    async extract(_, { turns }) {
      portions.push({ size: turns.length, at: turnsOf() });
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
