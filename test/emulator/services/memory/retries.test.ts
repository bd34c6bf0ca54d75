import {
  BatchCreateMemoryRecordsCommand,
  IngestDataCommand,
  ListMemoryRecordsCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test } from 'vitest';
import { createStoredReplies } from '../../../../emulator/services/memory/storedReplies.ts';
import { openMemoryDatabase } from '../../../../emulator/services/memory/database.ts';
import { useFolder } from '../../../support/agents.ts';
import { BEGINNING, useMemory, type TestMemory } from '../../../support/memory.ts';
import { facts, extractRecords, readTexts } from '../../../support/strategyMemory.ts';

const clientToken = 't'.repeat(40);

const batch = (memoryId: string, ...texts: string[]) =>
  new BatchCreateMemoryRecordsCommand({
    memoryId,
    clientToken,
    records: texts.map((text) => ({
      requestIdentifier: text,
      namespaces: ['/a/'],
      content: { text },
      timestamp: new Date(BEGINNING),
    })),
  });

async function listTexts({ data }: TestMemory, memoryId: string) {
  const { memoryRecordSummaries = [] } = await data.send(
    new ListMemoryRecordsCommand({ memoryId, namespace: '/a/' }),
  );
  return memoryRecordSummaries.map(({ content }) => content?.text);
}

test('A repeated client token returns the first batch, even after a restart.', async () => {
  const dataFolder = await useFolder();
  const memory = await useMemory({ dataFolder });
  const { id = '', arn = '' } = await memory.create();
  const { successfulRecords } = await memory.data.send(batch(id, 'once'));
  expect(await memory.data.send(batch(arn, 'once'))).toMatchObject({ successfulRecords });
  expect(await memory.data.send(batch(id, 'other'))).toMatchObject({ successfulRecords });
  await memory.emulator.close();
  const again = await useMemory({ dataFolder });
  expect(await again.data.send(batch(id, 'once', 'twice'))).toMatchObject({ successfulRecords });
  expect(await listTexts(again, id)).toEqual(['once']);
});

test('The last thousand replies are stored, each atomically with its write.', async () => {
  const folder = await useFolder();
  const memory = await useMemory({ dataFolder: folder });
  const { id: memoryId = '' } = await memory.create();
  await memory.data.send(batch(memoryId, 'first'));
  await memory.emulator.close();
  const { database, close } = openMemoryDatabase(folder);
  onTestFinished(() => close({ isDamaged: false }));
  const replies = createStoredReplies(database);
  const count = () => database.prepare('SELECT count(*) AS count FROM replies').get()?.['count'];
  expect(count()).toBe(1);
  for (let times = 0; times < 1_000; times += 1) {
    replies.once('Test', { memoryId, clientToken: `${times}` }, () => times);
  }
  expect(replies.once('Test', { memoryId, clientToken: '0' }, () => 'anew')).toBe(0);
  const failing = () =>
    replies.once('Test', { memoryId, clientToken: 'failing' }, () => {
      database.exec('DELETE FROM replies');
      throw new Error('halfway');
    });
  expect(failing).toThrow('halfway');
  expect(count()).toBe(1_000);
});

test('Content ingested again with its client token after a restart adds no record.', async () => {
  const dataFolder = await useFolder();
  const memory = await useMemory({ dataFolder });
  const { id = '' } = await memory.create({
    memoryStrategies: [
      { summaryMemoryStrategy: { name: 'Summary', namespaceTemplates: ['/{actorId}/'] } },
    ],
  });
  const command = new IngestDataCommand({
    memoryId: id,
    actorId: 'ana',
    contentTimestamp: new Date(BEGINNING),
    clientToken,
    source: {
      inline: {
        payload: [{ conversational: { role: 'USER', content: { text: 'I live in Lisbon.' } } }],
      },
    },
  });
  const { sessionId } = await memory.data.send(command);
  expect(await extractRecords(memory, id, '/ana/')).toHaveLength(1);
  await memory.emulator.close();
  const again = await useMemory({ dataFolder });
  const retry = new IngestDataCommand({
    ...command.input,
    contentTimestamp: new Date(BEGINNING + 5_000),
  });
  expect((await again.data.send(retry)).sessionId).toBe(sessionId);
  const [summary, ...others] = readTexts(await extractRecords(again, id, '/ana/'));
  expect(others).toEqual([]);
  expect(summary?.match(/Lisbon/g)).toHaveLength(1);
});

test('A client token applies to one memory.', async () => {
  const memory = await useMemory();
  const { id: one = '' } = await memory.create({ name: 'One' });
  const { id: other = '' } = await memory.create({ name: 'Other' });
  await memory.data.send(batch(one, 'here'));
  await memory.data.send(batch(other, 'there'));
  expect(await listTexts(memory, one)).toEqual(['here']);
  expect(await listTexts(memory, other)).toEqual(['there']);
  const change = (memoryId: string) =>
    memory.control.send(
      new UpdateMemoryCommand({
        memoryId,
        clientToken,
        memoryStrategies: { addMemoryStrategies: [facts] },
      }),
    );
  for (const id of [one, other]) expect((await change(id)).memory?.id).toBe(id);
  // A repeated update adds nothing and causes no conflict.
  expect((await change(one)).memory?.strategies).toHaveLength(1);
});
