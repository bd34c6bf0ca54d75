import { join } from 'node:path';
import {
  BatchCreateMemoryRecordsCommand,
  ListSessionsCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import {
  DeleteMemoryCommand,
  GetMemoryCommand,
  ListMemoriesCommand,
  UpdateMemoryCommand,
  type UpdateMemoryInput,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { projectMemories, useMemory, type TestMemory } from '../../../support/memory.ts';

/** Starts an emulator in which memories take their time, and creates one. */
async function useNewMemory(input?: Parameters<TestMemory['create']>[0]) {
  const memory = await useMemory({ instantResources: false });
  const { id: memoryId = '', ...created } = await memory.create(input);
  return {
    ...memory,
    memoryId,
    created,
    advance: () => memory.emulator.admin('/clock', { advanceSeconds: 5 }),
    get: async () => (await memory.control.send(new GetMemoryCommand({ memoryId }))).memory!,
    update: async (changes: Omit<UpdateMemoryInput, 'memoryId'>) =>
      (await memory.control.send(new UpdateMemoryCommand({ memoryId, ...changes }))).memory!,
  };
}

const semantic = { semanticMemoryStrategy: { name: 'Facts' } };
const summary = { summaryMemoryStrategy: { name: 'Summary' } };

test('A new memory is CREATING for five seconds of the clock, and is updated after it was created.', async () => {
  const { created, control, get, advance } = await useNewMemory({ memoryStrategies: [semantic] });
  expect(created).toMatchObject({ status: 'CREATING', strategies: [{ status: 'CREATING' }] });
  expect(created.updatedAt).toEqual(created.createdAt);
  expect(await get()).toMatchObject({ status: 'CREATING', strategies: [{ status: 'CREATING' }] });
  await advance();
  const active = await get();
  expect(active).toMatchObject({
    status: 'ACTIVE',
    createdAt: created.createdAt,
    strategies: [{ status: 'ACTIVE' }],
  });
  expect(Number(active.updatedAt)).toBe(Number(created.createdAt) + 5_000);
  const { memories } = await control.send(new ListMemoriesCommand());
  expect(memories).toEqual([
    {
      arn: active.arn,
      id: active.id,
      status: 'ACTIVE',
      createdAt: active.createdAt,
      updatedAt: active.updatedAt,
    },
  ]);
});

test('The content of a memory cannot be used until the memory is ACTIVE.', async () => {
  const { memoryId, data, say, said, retrieve, advance } = await useNewMemory();
  const calls = {
    CreateEvent: () => say(memoryId, 'hello'),
    ListEvents: () => said(memoryId),
    ListSessions: () => data.send(new ListSessionsCommand({ memoryId, actorId: 'ana' })),
    RetrieveMemoryRecords: () => retrieve(memoryId, 'hello'),
    BatchCreateMemoryRecords: () =>
      data.send(new BatchCreateMemoryRecordsCommand({ memoryId, records: [] })),
  };
  for (const [operation, call] of Object.entries(calls)) {
    await expect(call()).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        `^Memory status is not active, unable to process ${operation} request\\. ${memoryId} is CREATING and becomes ACTIVE in \\d s\\. .*--instant-resources`,
      ),
    });
  }
  await advance();
  for (const call of Object.values(calls)) await call();
  expect(await said(memoryId)).toEqual(['hello']);
});

test('A memory cannot be updated or deleted while it is CREATING.', async () => {
  const { memoryId, control, update, advance } = await useNewMemory();
  const remove = () => control.send(new DeleteMemoryCommand({ memoryId }));
  await expect(remove()).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /^Validation failed during DeleteMemory: Memory is in transitional state CREATING\. Cannot delete memory\. /,
    ),
  });
  await expect(update({ description: 'new' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /^Validation failed during UpdateMemory: Memory is in transitional state CREATING\. Cannot update memory\. /,
    ),
  });
  await advance();
  await remove();
});

test('UpdateMemory returns a new strategy with its id, CREATING, and the memory is UPDATING.', async () => {
  const { memoryId, say, get, update, advance } = await useNewMemory({
    memoryStrategies: [semantic],
  });
  await advance();
  const updating = await update({ memoryStrategies: { addMemoryStrategies: [summary] } });
  const expected = {
    status: 'UPDATING',
    strategies: [
      { name: 'Facts', status: 'ACTIVE' },
      {
        name: 'Summary',
        status: 'CREATING',
        strategyId: expect.stringMatching(/^Summary-\w{10}$/) as string,
      },
    ],
  };
  expect(updating).toMatchObject(expected);
  expect(await get()).toMatchObject(expected);
  await expect(say(memoryId, 'hello')).rejects.toMatchObject({
    message: expect.stringMatching(/^Memory status is not active.* is UPDATING/),
  });
  await expect(update({ description: 'new' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/^Cannot update memory while strategies are being modified\. /),
  });
  await advance();
  expect(await get()).toMatchObject({
    status: 'ACTIVE',
    strategies: [{ status: 'ACTIVE' }, { status: 'ACTIVE' }],
  });
});

test('A memory whose strategies stay is in the state UPDATING, too.', async () => {
  const { update, advance } = await useNewMemory();
  await advance();
  expect(await update({ description: 'new' })).toMatchObject({ status: 'UPDATING' });
  await expect(update({ description: 'newer' })).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Validation failed during UpdateMemory: Memory is in transitional state UPDATING\. /,
    ),
  });
});

test('Memories of the project and imported ones are ACTIVE at the start.', async () => {
  const memories = projectMemories(await useFolder());
  const { emulator, control, say } = await useMemory({ memories, instantResources: false });
  const { memories: [declared] = [] } = await control.send(new ListMemoriesCommand());
  expect(declared).toMatchObject({ status: 'ACTIVE' });
  await say(declared!.id!, 'hello');
  const line = JSON.stringify({ type: 'memory', name: 'Imported', eventExpiryDuration: 7 });
  await fetch(`${emulator.url}/_emulator/memories`, { method: 'POST', body: line });
  const { memories: listed } = await control.send(new ListMemoriesCommand());
  expect(listed).toMatchObject([{ status: 'ACTIVE' }, { status: 'ACTIVE' }]);
});

test('A memory that was CREATING when the clock was reset is ACTIVE.', async () => {
  const dataFolder = join(await useFolder(), 'data');
  const first = await useMemory({ dataFolder, instantResources: false });
  await first.emulator.admin('/clock', { advanceSeconds: 3_600 });
  const { id: memoryId } = await first.create();
  await first.emulator.close();
  const second = await useMemory({ dataFolder, instantResources: false, resetClock: true });
  const { memory } = await second.control.send(new GetMemoryCommand({ memoryId }));
  expect(memory).toMatchObject({ status: 'ACTIVE' });
});
