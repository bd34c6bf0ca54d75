import { join } from 'node:path';
import {
  CreateMemoryCommand,
  DeleteMemoryCommand,
  GetMemoryCommand,
  ListMemoriesCommand,
  ListTagsForResourceCommand,
  paginateListMemories,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateMemoryCommand,
  waitUntilMemoryCreated,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import type { DeclaredMemory } from '../../../../emulator/declaredMemory.ts';
import type { ProjectAgentSource } from '../../../../emulator/agentSource.ts';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId } from '../../../support/emulator.ts';
import { useMemory } from '../../../support/memory.ts';

test('CreateMemory stores all settings, and the SDK waiter sees the memory become active.', async () => {
  const { control, create } = await useMemory();
  const memory = await create({
    description: 'what people like',
    memoryStrategies: [
      { userPreferenceMemoryStrategy: { name: 'Likes', namespaces: ['/users/{actorId}/likes'] } },
      { summaryMemoryStrategy: { name: 'Summary' } },
    ],
    indexedKeys: [{ key: 'topic', type: 'STRING' }],
  });
  expect(memory).toMatchObject({
    id: expect.stringMatching(/^Notes-[A-Za-z0-9]{10}$/),
    name: 'Notes',
    status: 'CREATING',
    eventExpiryDuration: 30,
  });
  expect(memory.arn).toBe(`arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/${memory.id}`);
  await waitUntilMemoryCreated({ client: control, maxWaitTime: 10 }, { memoryId: memory.id });
  const { memory: found } = await control.send(new GetMemoryCommand({ memoryId: memory.id }));
  expect(found).toMatchObject({
    status: 'ACTIVE',
    description: 'what people like',
    indexedKeys: [{ key: 'topic', type: 'STRING' }],
    strategies: [
      {
        name: 'Likes',
        type: 'USER_PREFERENCE',
        namespaces: ['/users/{actorId}/likes'],
        namespaceTemplates: ['/users/{actorId}/likes'],
        status: 'ACTIVE',
      },
      {
        type: 'SUMMARIZATION',
        namespaces: ['/strategies/{memoryStrategyId}/actors/{actorId}/sessions/{sessionId}/'],
      },
    ],
  });
});

test('UpdateMemory adds, modifies and deletes strategies and keeps other settings.', async () => {
  const { control, create } = await useMemory();
  const memory = await create({
    description: 'kept',
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts' } },
      { userPreferenceMemoryStrategy: { name: 'Likes' } },
    ],
  });
  const [facts, likes] = memory.strategies!;
  const { memory: updated } = await control.send(
    new UpdateMemoryCommand({
      memoryId: memory.id,
      eventExpiryDuration: 7,
      memoryStrategies: {
        addMemoryStrategies: [{ summaryMemoryStrategy: { name: 'Summary' } }],
        modifyMemoryStrategies: [
          { memoryStrategyId: facts!.strategyId, namespaceTemplates: ['/facts/{actorId}/'] },
        ],
        deleteMemoryStrategies: [{ memoryStrategyId: likes!.strategyId }],
      },
    }),
  );
  expect(updated).toMatchObject({
    description: 'kept',
    eventExpiryDuration: 7,
    strategies: [
      { strategyId: facts!.strategyId, name: 'Facts', namespaces: ['/facts/{actorId}/'] },
      { name: 'Summary' },
    ],
  });
});

test('ListMemories returns pages in order of name.', async () => {
  const { control, create } = await useMemory();
  for (const name of ['C', 'A', 'B']) await create({ name });
  const pages: string[][] = [];
  for await (const page of paginateListMemories({ client: control, pageSize: 2 }, {})) {
    pages.push((page.memories ?? []).map(({ id = '' }) => id.slice(0, 1)));
  }
  expect(pages).toEqual([['A', 'B'], ['C']]);
});

test('DeleteMemory deletes a memory and its events.', async () => {
  const { control, create, say, said } = await useMemory();
  const memory = await create();
  await say(memory.arn!, 'hello');
  expect(await said(memory.arn!)).toEqual(['hello']);
  await control.send(new DeleteMemoryCommand({ memoryId: memory.id }));
  await expect(said(memory.id!)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect((await control.send(new ListMemoriesCommand({}))).memories).toEqual([]);
  const again = await create();
  expect(again.id).not.toBe(memory.id);
  expect(await said(again.id!)).toEqual([]);
});

test('GetMemory of a memory with nothing but a name returns exactly the members of AWS.', async () => {
  const { emulator, control, create } = await useMemory();
  const { id } = await create();
  const { memory } = await control.send(new GetMemoryCommand({ memoryId: id }));
  const response = await fetch(`${emulator.url}/memories/${id}/details`);
  const sent = (await response.json()) as { memory: object };
  for (const members of [memory!, sent.memory]) {
    expect(Object.keys(members).toSorted()).toEqual(
      'arn createdAt eventExpiryDuration id name status strategies updatedAt'.split(' '),
    );
  }
  expect(memory!.strategies).toEqual([]);
});

test('A missing memory is reported in the words of AWS, which name the operation.', async () => {
  const { control, create } = await useMemory();
  const { id } = await create();
  const memoryId = 'Nothing-0123456789';
  const sends = {
    GetMemory: () => control.send(new GetMemoryCommand({ memoryId })),
    UpdateMemory: () => control.send(new UpdateMemoryCommand({ memoryId })),
    DeleteMemory: () => control.send(new DeleteMemoryCommand({ memoryId })),
  };
  for (const [operation, send] of Object.entries(sends)) {
    await expect(send()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Resource not found during ${operation}: Failed to retrieve memory item for ID: ${memoryId}. Memories: ${id}`,
    });
  }
});

test('A memory can be tagged.', async () => {
  const { control, create } = await useMemory();
  const { arn: resourceArn, id } = await create({ tags: { a: '1', b: '2' } });
  const tags = async () =>
    (await control.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
  await control.send(new TagResourceCommand({ resourceArn, tags: { c: '3' } }));
  await control.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  expect(await tags()).toEqual({ b: '2', c: '3' });
  await control.send(new DeleteMemoryCommand({ memoryId: id }));
  await expect(tags()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('A repeated client token returns the first memory and ignores the rest of the request.', async () => {
  const { control } = await useMemory();
  const input = { name: 'Once', eventExpiryDuration: 7, clientToken: 'a'.repeat(40) };
  const first = await control.send(new CreateMemoryCommand(input));
  for (const name of ['Once', 'Twice']) {
    const { memory } = await control.send(new CreateMemoryCommand({ ...input, name }));
    expect(memory).toEqual(first.memory);
  }
  const { memories } = await control.send(new ListMemoriesCommand());
  expect(memories).toHaveLength(1);
});

const invalidInputs = [
  [
    { name: 'Taken' },
    'ValidationException',
    /^Validation failed during CreateMemory: Memory with name Taken already exists$/,
  ],
  [
    { memoryStrategies: [{ semanticMemoryStrategy: { name: 'A', namespaces: ['/{who}/'] } }] },
    'ValidationException',
    /namespaceTemplates: '\/\{who\}\/' of strategy A has the unknown variable \{who\}. Variables: .*\{actorId\}/,
  ],
  [
    {
      memoryStrategies: Array.from({ length: 7 }, (_, index) => ({
        customMemoryStrategy: { name: `S${index}` },
      })),
    },
    'ServiceQuotaExceededException',
    /^Validation failed during CreateMemory: A memory can have at most 6 strategies, not 7/,
  ],
  [{ eventExpiryDuration: 2 }, 'ValidationException', /'eventExpiryDuration'.*greater than or/],
] as const;

test.for(invalidInputs)(
  'CreateMemory rejects %j with a reason.',
  async ([input, name, message]) => {
    const { create } = await useMemory();
    await create({ name: 'Taken' });
    await expect(create(input as never)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  },
);

test('A setting that is not emulated is rejected, and no memory is created.', async () => {
  const { control, create } = await useMemory();
  await expect(
    create({
      memoryStrategies: [
        {
          customMemoryStrategy: {
            name: 'Own',
            configuration: {
              selfManagedConfiguration: {
                invocationConfiguration: {
                  topicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
                  payloadDeliveryBucketName: 'bucket',
                },
              },
            },
          },
        },
      ],
    }),
  ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
  expect((await control.send(new ListMemoriesCommand({}))).memories).toEqual([]);
});

/** Creates a project with an agent and a declared memory. */
async function useDeclared(): Promise<{ source: ProjectAgentSource; declared: DeclaredMemory }> {
  const source = await useAgent(
    serverAgent(
      `if (url === '/invocations') return json(response, { id: process.env.MEMORY_NOTES_ID });`,
    ),
  );
  return {
    source,
    declared: {
      project: 'Test',
      root: source.root,
      name: 'Notes',
      eventExpiryDuration: 30,
      memoryStrategies: [
        { semanticMemoryStrategy: { name: 'Facts' } },
        { summaryMemoryStrategy: { name: 'Summary' } },
      ],
    },
  };
}

test('An agent gets the id of its project’s memory in MEMORY_<NAME>_ID.', async () => {
  const { source, declared } = await useDeclared();
  const { emulator, control } = await useMemory({ agents: [source], memories: [declared] });
  const { id } = await emulator.invoke({ runtimeSessionId: sessionId('a') });
  expect(id).toMatch(/^Test_Notes-[a-z0-9]{10}$/);
  const { memory } = await control.send(new GetMemoryCommand({ memoryId: String(id) }));
  expect(memory).toMatchObject({ name: 'Test_Notes', strategies: [{ name: 'Facts' }, {}] });
});

test('A declared memory keeps its content across restarts and gets changed settings.', async () => {
  const { source, declared } = await useDeclared();
  const dataFolder = join(source.root, '.agentcore');
  const first = await useMemory({ dataFolder, memories: [declared] });
  const { memories } = await first.control.send(new ListMemoriesCommand({}));
  const memoryId = memories?.[0]?.id ?? '';
  const { memory: before } = await first.control.send(new GetMemoryCommand({ memoryId }));
  await first.say(memoryId, 'hello');
  await first.emulator.close();

  const changed: DeclaredMemory = {
    ...declared,
    eventExpiryDuration: 60,
    memoryStrategies: [
      { semanticMemoryStrategy: { name: 'Facts', namespaces: ['/facts/{actorId}/'] } },
    ],
  };
  const second = await useMemory({ dataFolder, memories: [changed] });
  expect(await second.said(memoryId)).toEqual(['hello']);
  const { memory: after } = await second.control.send(new GetMemoryCommand({ memoryId }));
  expect(after).toMatchObject({ eventExpiryDuration: 60, createdAt: before?.createdAt });
  expect(after?.strategies).toMatchObject([
    { strategyId: before?.strategies?.[0]?.strategyId, namespaces: ['/facts/{actorId}/'] },
  ]);
});
