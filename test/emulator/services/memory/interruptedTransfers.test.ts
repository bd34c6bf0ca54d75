import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { exportFrom, importInto, readLines } from '../../../support/lines.ts';
import { BEGINNING, here, projectMemories, useMemory } from '../../../support/memory.ts';

test('Calls during an import see all of its events or none.', async () => {
  const { emulator, create, say, said } = await useMemory();
  const { id = '' } = await create();
  const count = 2_000;
  const lines = Array.from({ length: count }, (_, index) => ({
    type: 'event',
    memory: 'Notes',
    ...here,
    eventTimestamp: new Date(BEGINNING + index),
    payload: [{ blob: index }],
  }));
  let isDone = false;
  const importing = importInto(emulator, lines).finally(() => (isDone = true));
  const seenLengths = new Set<number>();
  const callMeanwhile = async () => {
    while (!isDone) {
      await say(id, 'meanwhile', { sessionId: 'two' });
      seenLengths.add((await said(id, { maxResults: 100 })).length);
    }
  };
  await Promise.all([importing, callMeanwhile()]);
  expect(await importing).toMatchObject({ added: { events: count } });
  expect([...seenLengths, 0, 100].filter((length) => ![0, 100].includes(length))).toEqual([]);
  expect(await said(id, { maxResults: 100 })).toHaveLength(100);
});

test('An import that a shutdown interrupts saves nothing.', async () => {
  const dataFolder = await useFolder();
  const { emulator } = await useMemory({ dataFolder, memories: projectMemories('/one') });
  const event = {
    type: 'event',
    memory: 'Demo_Notes',
    ...here,
    payload: [{ blob: 1 }],
  };
  const lines = Array.from({ length: 2_000 }, (_, index) => ({
    ...event,
    eventTimestamp: new Date(BEGINNING + index),
  }));
  const importing = importInto(emulator, lines).catch(() => null);
  await emulator.close();
  const answer = await importing;
  const { emulator: next } = await useMemory({ dataFolder });
  const stored = readLines(await exportFrom(next)).filter(({ type }) => type === 'event');
  expect(stored).toHaveLength(answer?.status === 200 ? 2_000 : 0);
});

test('A client that disconnects during an export leaves no open connection to the file.', async () => {
  const dataFolder = await useFolder();
  const { emulator } = await useMemory({ dataFolder, memories: projectMemories('/one') });
  const lines = Array.from({ length: 4 }, (_, index) => ({
    type: 'event',
    memory: 'Demo_Notes',
    ...here,
    eventTimestamp: new Date(BEGINNING + index),
    payload: [{ blob: 'x'.repeat(4_000_000) }],
  }));
  await importInto(emulator, lines);
  const response = await fetch(`${emulator.url}/_emulator/memories`);
  await response.body!.getReader().cancel();
  await emulator.close();
  // SQLite deletes the log when the last connection closes.
  expect(await readdir(dataFolder)).not.toContain('memory.db-wal');
});
