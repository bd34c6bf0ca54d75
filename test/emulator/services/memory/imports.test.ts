import { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { receiveMemories } from '../../../../emulator/services/memory/httpTransfer.ts';
import { importInto } from '../../../support/lines.ts';
import { BEGINNING, here, useMemory } from '../../../support/memory.ts';
import { useOpenMemory } from './useOpenMemory.ts';

/** An event line of Ana without an id. */
const eventLine = (text: string, more: object = {}) => ({
  type: 'event',
  memory: 'Notes',
  ...here,
  eventTimestamp: new Date(BEGINNING),
  payload: [{ conversational: { role: 'USER', content: { text } } }],
  ...more,
});

test('Concurrent imports run one after another, and calls wait for all of them.', async () => {
  const { emulator, create, say, said } = await useMemory();
  const { id = '' } = await create();
  const count = 500;
  const importEvents = (actorId: string) =>
    importInto(
      emulator,
      Array.from({ length: count }, (_, at) =>
        eventLine('hello', { actorId, eventTimestamp: new Date(BEGINNING + at) }),
      ),
    );
  const importing = ['a', 'b', 'c', 'd'].map(importEvents);
  const calls: Promise<unknown>[] = [];
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

test('A write waits for imports that start while it waits.', async () => {
  const service = await useOpenMemory();
  const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // An unfinished import would keep the service open.
  onTestFinished(() => other.resolve());
  async function* linesUntil(sent: Promise<void>) {
    yield Buffer.from('{"type":"memory","name":"Notes","eventExpiryDuration":30}\n');
    await sent;
  }
  const first = service.import(linesUntil(one.promise));
  let isWritable = false;
  const waiting = service.writable().then(() => (isWritable = true));
  const second = service.import(linesUntil(other.promise));
  one.resolve();
  expect(await first).toMatchObject({ added: { memories: 1 } });
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect(isWritable).toBe(false);
  other.resolve();
  expect(await second).toMatchObject({ alreadyThere: 1 });
  await waiting;
});

test('An import reads its body in chunks, so that it does not block other requests.', async () => {
  const sizes: number[] = [];
  const summary = { added: { memories: 0, events: 0, records: 0 }, alreadyThere: 0 };
  const memory = {
    async import(lines: AsyncIterable<Uint8Array>) {
      for await (const piece of lines) sizes.push(piece.length);
      return summary;
    },
  };
  const sent = Readable.from([Buffer.alloc(500_000), Buffer.alloc(500_000)]);
  expect(await receiveMemories(memory, sent)).toBe(summary);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(1_000_000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(16_384);
});

test('Events without ids keep the order of their lines, and equal lines are separate events.', async () => {
  const { emulator, create, said, say } = await useMemory();
  const { id = '' } = await create();
  const texts = ['a', 'b', 'c', 'a', 'd'];
  const lines = texts.map((text) => eventLine(text));
  expect(await importInto(emulator, lines)).toMatchObject({ added: { events: 5 } });
  expect(await said(id)).toEqual(texts.toReversed());
  expect(await importInto(emulator, lines)).toMatchObject({
    added: { events: 0 },
    alreadyThere: 5,
  });
  // Another file may have the same moment.
  await importInto(emulator, [eventLine('e'), eventLine('a')]);
  const thrice = ['a', 'a', 'a'].map((text) => eventLine(text, { sessionId: 'two' }));
  for (const lines of [thrice.slice(0, 2), thrice, thrice]) await importInto(emulator, lines);
  expect(await said(id, { sessionId: 'two' })).toEqual(['a', 'a', 'a']);
  await say(id, 'f', { eventTimestamp: new Date(BEGINNING) });
  expect(await said(id)).toEqual(['f', 'e', ...texts.toReversed()]);
});

test('Events that differ in metadata, time or session are separate events.', async () => {
  const { emulator, create, said } = await useMemory();
  const { id = '' } = await create();
  const lines = [
    eventLine('a'),
    eventLine('a', { metadata: { topic: { stringValue: 'x' } } }),
    eventLine('a', { eventTimestamp: new Date(BEGINNING + 1) }),
    eventLine('a', { sessionId: 'two' }),
  ];
  for (const line of lines) {
    expect(await importInto(emulator, [line])).toMatchObject({ added: { events: 1 } });
  }
  expect(await said(id)).toHaveLength(3);
});
