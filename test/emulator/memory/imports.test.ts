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
  const count = 500;
  const importOf = (actorId: string) =>
    importInto(
      emulator,
      Array.from({ length: count }, (_, at) =>
        lineOf('hello', { actorId, eventTimestamp: new Date(BEGINNING + at) }),
      ),
    );
  const importing = ['a', 'b', 'c'].map(importOf);
  const calls: Promise<unknown>[] = [];
  for (const later of ['d', 'e']) {
    calls.push(say(id, 'meanwhile'));
    await pause(20);
    importing.push(importOf(later));
  }
  let isDone = false;
  const all = Promise.all(importing).finally(() => (isDone = true));
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

test('events without ids keep their lines’ order, and one that is there twice is two events', async () => {
  const { emulator, create, said, say } = await useMemory();
  const { id = '' } = await create();
  const texts = ['a', 'b', 'c', 'a', 'd'];
  const lines = texts.map((text) => lineOf(text));
  expect(await importInto(emulator, lines)).toMatchObject({ added: { events: 5 } });
  expect(await said(id)).toEqual(texts.toReversed());
  expect(await importInto(emulator, lines)).toMatchObject({
    added: { events: 0 },
    alreadyThere: 5,
  });
  // Another file may have the same moment.
  await importInto(emulator, [lineOf('e'), lineOf('a')]);
  const thrice = ['a', 'a', 'a'].map((text) => lineOf(text, { sessionId: 'two' }));
  for (const lines of [thrice.slice(0, 2), thrice, thrice]) await importInto(emulator, lines);
  expect(await said(id, { sessionId: 'two' })).toEqual(['a', 'a', 'a']);
  await say(id, 'f', { eventTimestamp: new Date(BEGINNING) });
  expect(await said(id)).toEqual(['f', 'e', ...texts.toReversed()]);
});

test('what differs in more than words is another event', async () => {
  const { emulator, create, said } = await useMemory();
  const { id = '' } = await create();
  const lines = [
    lineOf('a'),
    lineOf('a', { metadata: { topic: { stringValue: 'x' } } }),
    lineOf('a', { eventTimestamp: new Date(BEGINNING + 1) }),
    lineOf('a', { sessionId: 'two' }),
  ];
  for (const line of lines) {
    expect(await importInto(emulator, [line])).toMatchObject({ added: { events: 1 } });
  }
  expect(await said(id)).toHaveLength(3);
});
