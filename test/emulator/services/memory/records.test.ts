import {
  BatchDeleteMemoryRecordsCommand,
  BatchUpdateMemoryRecordsCommand,
  DeleteMemoryRecordCommand,
  GetMemoryRecordCommand,
  ListMemoryRecordsCommand,
  paginateListMemoryRecords,
} from '@aws-sdk/client-bedrock-agentcore';
import { DeleteMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { BEGINNING, useMemory } from '../../../support/memory.ts';
import { listRecords, sortTexts, writeRecords } from '../../../support/records.ts';

test('A record is returned as written, with an id in the format of AWS.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '', strategies } = await memory.create({
    memoryStrategies: [{ semanticMemoryStrategy: { name: 'Facts' } }],
  });
  const given = {
    namespaces: ['/facts/ana/'],
    memoryStrategyId: strategies![0]!.strategyId,
    metadata: {
      topic: { stringValue: 'home' },
      tags: { stringListValue: ['a', 'b'] },
      weight: { numberValue: 1.5 },
      since: { dateTimeValue: new Date(BEGINNING + 1) },
    },
  };
  const [memoryRecordId = ''] = await writeRecords(
    memory,
    memoryId,
    ['Ana lives in Lisbon'],
    given,
  );
  expect(memoryRecordId).toMatch(/^mem-[a-zA-Z0-9-_]{36,46}$/);
  const { memoryRecord } = await memory.data.send(
    new GetMemoryRecordCommand({ memoryId, memoryRecordId, namespace: '/facts/ana/' }),
  );
  expect(memoryRecord).toEqual({
    ...given,
    memoryRecordId,
    content: { text: 'Ana lives in Lisbon' },
    createdAt: expect.any(Date) as Date,
  });
  await expect(
    memory.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId, namespace: '/bob/' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('BatchUpdate changes the given members, and deleted records are gone.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  const [first = '', second = ''] = await writeRecords(memory, memoryId, ['one', 'two'], {
    metadata: { topic: { stringValue: 'kept' } },
  });
  const missing = `mem-${'0'.repeat(36)}`;
  const timestamp = new Date(BEGINNING + 1);
  const updated = await memory.data.send(
    new BatchUpdateMemoryRecordsCommand({
      memoryId,
      records: [
        { memoryRecordId: first, timestamp, content: { text: 'changed' } },
        { memoryRecordId: missing, timestamp, content: { text: 'x' } },
        { memoryRecordId: second, timestamp, memoryStrategyId: 'Unknown' },
      ],
    }),
  );
  expect(updated.successfulRecords).toEqual([{ memoryRecordId: first, status: 'SUCCEEDED' }]);
  expect(updated.failedRecords).toEqual([
    {
      memoryRecordId: missing,
      status: 'FAILED',
      errorCode: 404,
      errorMessage: expect.stringMatching(/Memory record .* does not exist/),
    },
    {
      memoryRecordId: second,
      status: 'FAILED',
      errorCode: 404,
      errorMessage: expect.stringMatching(
        /strategy 'Unknown' does not exist in .* Strategies: none/,
      ),
    },
  ]);
  const { memoryRecord } = await memory.data.send(
    new GetMemoryRecordCommand({ memoryId, memoryRecordId: first }),
  );
  expect(memoryRecord).toMatchObject({
    content: { text: 'changed' },
    namespaces: ['/facts/ana/'],
    metadata: { topic: { stringValue: 'kept' } },
  });
  expect(await memory.found(memoryId, 'one')).toMatchObject([{ score: 0 }, { score: 0 }]);

  await memory.data.send(new DeleteMemoryRecordCommand({ memoryId, memoryRecordId: first }));
  const deleted = await memory.data.send(
    new BatchDeleteMemoryRecordsCommand({
      memoryId,
      records: [{ memoryRecordId: first }, { memoryRecordId: second, namespace: '/facts/ana/' }],
    }),
  );
  expect(deleted.successfulRecords).toMatchObject([{ memoryRecordId: second }]);
  expect(deleted.failedRecords).toMatchObject([{ memoryRecordId: first, errorCode: 404 }]);
  expect(await listRecords(memory, { memoryId, namespacePath: '/' })).toEqual([]);
  expect(await memory.found(memoryId, 'changed')).toEqual([]);
});

test('A namespace matches exactly, and a namespacePath includes whole segments below it.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  for (const namespace of ['/a', '/a/', '/a/b', '/a/b/c/', '/ab', '/a0', '/', 'a/b']) {
    await writeRecords(memory, memoryId, [namespace], { namespaces: [namespace] });
  }
  const at = async (place: object) => sortTexts(await listRecords(memory, { memoryId, ...place }));
  expect(await at({ namespace: '/a' })).toEqual(['/a']);
  expect(await at({ namespace: '/a/' })).toEqual(['/a/']);
  for (const namespacePath of ['/a', '/a/']) {
    expect(await at({ namespacePath })).toEqual(['/a', '/a/', '/a/b', '/a/b/c/']);
  }
  expect(await at({ namespacePath: '/a/b' })).toEqual(['/a/b', '/a/b/c/']);
  expect(await at({ namespacePath: '/' })).toHaveLength(7);
  for (const place of [{}, { namespace: '/a', namespacePath: '/a' }]) {
    await expect(at(place)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/Give a namespace.*or a namespacePath/),
    });
  }
});

test('Pages of records stay consistent, newest first, when records are added.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  const texts = Array.from({ length: 45 }, (_, index) => String(index + 1));
  await writeRecords(memory, memoryId, texts);
  const where = { memoryId, namespace: '/facts/ana/' };
  const first = await memory.data.send(new ListMemoryRecordsCommand(where));
  expect(first.memoryRecordSummaries).toHaveLength(20);
  await writeRecords(memory, memoryId, ['46']);
  const rest: (string | undefined)[] = [];
  for await (const page of paginateListMemoryRecords(
    { client: memory.data, startingToken: first.nextToken, pageSize: 10 },
    where,
  )) {
    rest.push(...page.memoryRecordSummaries!.map(({ content }) => content?.text));
  }
  expect(rest).toEqual(texts.toReversed().slice(20));
  await expect(
    memory.data.send(
      new ListMemoryRecordsCommand({ memoryId, namespacePath: '/', nextToken: first.nextToken }),
    ),
  ).rejects.toMatchObject({ message: expect.stringMatching(/nextToken/) });
});

test('Records belong to one memory, survive a restart and expired events, and are deleted with the memory.', async () => {
  const dataFolder = await useFolder();
  const first = await useMemory({ dataFolder });
  const { id: memoryId = '' } = await first.create({ eventExpiryDuration: 3 });
  const { id: otherId = '' } = await first.create({ name: 'Other' });
  const [memoryRecordId] = await writeRecords(first, memoryId, ['Ana lives in Lisbon']);
  await expect(
    first.data.send(new GetMemoryRecordCommand({ memoryId: otherId, memoryRecordId })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await first.emulator.admin('/clock', { advanceSeconds: 10 * 24 * 60 * 60 });
  await first.emulator.close();

  const second = await useMemory({ dataFolder });
  expect(await second.found(memoryId, 'Lisbon')).toHaveLength(1);
  expect(await second.found(otherId, 'Lisbon')).toEqual([]);
  await second.control.send(new DeleteMemoryCommand({ memoryId }));
  await expect(second.found(memoryId, 'Lisbon')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
