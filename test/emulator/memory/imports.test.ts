import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { importInto } from '../../support/lines.ts';
import { BEGINNING, here, useMemory } from '../../support/memory.ts';

/** What Ana says, as a line without an id. */
const lineOf = (text: string, more: object = {}) => ({
  type: 'event',
  memory: 'Notes',
  ...here,
  eventTimestamp: new Date(BEGINNING),
  payload: [{ conversational: { role: 'USER', content: { text } } }],
  ...more,
});

test('imports that come together go one after the other, and calls wait for all of them', async () => {
  const { emulator, create, say, said } = await useMemory();
  const { id = '' } = await create();
  const count = 1_000;
  const importing = ['a', 'b', 'c', 'd'].map((actorId) =>
    importInto(
      emulator,
      Array.from({ length: count }, (_, at) =>
        lineOf('hello', { actorId, eventTimestamp: new Date(BEGINNING + at) }),
      ),
    ),
  );
  let isDone = false;
  const all = Promise.all(importing).finally(() => (isDone = true));
  const calls: Promise<unknown>[] = [];
  while (!isDone) {
    calls.push(say(id, 'meanwhile'));
    await pause(20);
  }
  for (const answer of await all) {
    expect(answer).toMatchObject({ status: 200, added: { events: count } });
  }
  await Promise.all(calls);
  expect(await said(id)).toContain('meanwhile');
});
