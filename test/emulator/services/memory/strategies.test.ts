import {
  GetMemoryCommand,
  UpdateMemoryCommand,
  type MemoryStrategyInput,
  type UpdateMemoryInput,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { projectMemories, useMemory } from '../../../support/memory.ts';

const semantic = (name: string) => ({ semanticMemoryStrategy: { name } });
const prompt = { appendToPrompt: 'Keep it short.', modelId: 'a-model' };
const semanticOverride = { extraction: prompt, consolidation: prompt };
const custom = (name: string) => ({
  customMemoryStrategy: { name, configuration: { semanticOverride } },
});
const memoryExecutionRoleArn = 'arn:aws:iam::000000000000:role/memory';
const selfManagedConfiguration = {
  invocationConfiguration: {
    topicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
    payloadDeliveryBucketName: 'bucket',
  },
};

/** Starts an emulator and creates a memory with strategies. */
async function useStrategies(memoryStrategies: MemoryStrategyInput[]) {
  const memory = await useMemory();
  const { id: memoryId, strategies = [] } = await memory.create({ memoryStrategies });
  return {
    ...memory,
    strategies,
    update: async (changes: UpdateMemoryInput['memoryStrategies']) =>
      (await memory.control.send(new UpdateMemoryCommand({ memoryId, memoryStrategies: changes })))
        .memory!,
    get: async () => (await memory.control.send(new GetMemoryCommand({ memoryId }))).memory!,
  };
}

const refused: readonly (readonly [string, readonly MemoryStrategyInput[], string])[] = [
  [
    'a second strategy of a type',
    [semantic('A'), semantic('B')],
    'Validation failed during CreateMemory: Only one strategy of each type is allowed. Found multiple strategies of type: semanticMemoryStrategy',
  ],
  [
    'a name twice',
    [semantic('s1'), { summaryMemoryStrategy: { name: 's1' } }],
    'Validation failed during CreateMemory: Duplicate memory strategy names were provided: [s1]',
  ],
  [
    'a custom strategy without a role',
    [custom('Mine')],
    'Validation failed during CreateMemory: Please provide memoryExecutionRoleArn as memory contains one or more Custom strategies',
  ],
  [
    'namespaces of a self-managed strategy',
    [
      {
        customMemoryStrategy: {
          name: 'Own',
          namespaces: ['/own/'],
          configuration: { selfManagedConfiguration },
        },
      },
    ],
    'Validation failed during CreateMemory: Namespaces are not allowed for self-managed memory strategies',
  ],
  [
    'reflections outside of the episodes',
    [
      {
        episodicMemoryStrategy: {
          name: 'Episodes',
          namespaces: ['/episodes/{actorId}/'],
          reflectionConfiguration: { namespaces: ['/reflections/{actorId}/'] },
        },
      },
    ],
    'Reflection namespace must be the same as or a prefix of the episodic namespace',
  ],
];

test.for(refused)(
  'CreateMemory refuses %s in the words of AWS.',
  async ([, memoryStrategies, why]) => {
    const { create } = await useMemory();
    const error = (await create({ memoryStrategies: [...memoryStrategies] }).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(error.name).toBe('ValidationException');
    expect(error.message.slice(0, why.length)).toBe(why);
  },
);

test('Two namespaces are refused with the path that AWS gives.', async () => {
  const { create } = await useMemory();
  const strategy = { name: 'A', namespaces: ['/a/', '/b/'] };
  await expect(
    create({ memoryStrategies: [{ semanticMemoryStrategy: strategy }] }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /Value at 'memoryStrategies\.1\.member\.semanticMemoryStrategy\.namespaces' failed to satisfy constraint: Member must have length less than or equal to 1$/,
    ),
  });
});

test('UpdateMemory refuses a second strategy of a type, names the operation, and changes nothing.', async () => {
  const { update, get } = await useStrategies([semantic('Facts')]);
  await expect(update({ addMemoryStrategies: [semantic('More')] })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /^Validation failed during UpdateMemory: Only one strategy of each type is allowed\. .*Keep one of Facts, More\.$/,
    ),
  });
  expect((await get()).strategies).toMatchObject([{ name: 'Facts' }]);
});

test('A strategy that is deleted in an update can be replaced by one of its type.', async () => {
  const { update, strategies } = await useStrategies([semantic('Facts')]);
  const [{ strategyId: memoryStrategyId } = {}] = strategies;
  const { strategies: updated } = await update({
    deleteMemoryStrategies: [{ memoryStrategyId }],
    addMemoryStrategies: [semantic('Facts')],
  });
  expect(updated).toMatchObject([{ name: 'Facts' }]);
  expect(updated![0]!.strategyId).not.toBe(memoryStrategyId);
});

test('A memory can have several custom strategies.', async () => {
  const { create } = await useMemory();
  const { strategies } = await create({
    memoryExecutionRoleArn,
    memoryStrategies: [custom('One'), custom('Two')],
  });
  expect(strategies).toMatchObject([{ name: 'One' }, { name: 'Two' }]);
});

test('Deleting or modifying an unknown strategy is a ValidationException.', async () => {
  const { update } = await useStrategies([semantic('Facts')]);
  const unknown = [{ memoryStrategyId: 'None-0123456789' }];
  await expect(update({ deleteMemoryStrategies: unknown })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /^Cannot delete non-existent memory strategies\. .*Facts-\w{10}$/,
    ),
  });
  await expect(update({ modifyMemoryStrategies: unknown })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/^Strategy 'None-0123456789' does not exist in /),
  });
});

const actorNamespace = ['/strategies/{memoryStrategyId}/actors/{actorId}/'];
const sessionNamespace = [`${actorNamespace[0]}sessions/{sessionId}/`];

test('Each strategy has the default namespace of AWS, as namespaces and as namespaceTemplates.', async () => {
  const { get } = await useStrategies([
    semantic('Facts'),
    { userPreferenceMemoryStrategy: { name: 'Likes' } },
    { summaryMemoryStrategy: { name: 'Summary' } },
    { episodicMemoryStrategy: { name: 'Episodes' } },
  ]);
  const { strategies = [] } = await get();
  expect(strategies.map(({ namespaces }) => namespaces)).toEqual([
    actorNamespace,
    actorNamespace,
    sessionNamespace,
    sessionNamespace,
  ]);
  for (const { namespaces, namespaceTemplates } of strategies) {
    expect(namespaceTemplates).toEqual(namespaces);
  }
});

const reflection = (namespaces: string[]) => ({
  type: 'EPISODIC',
  reflection: { episodicReflectionConfiguration: { namespaces, namespaceTemplates: namespaces } },
});

test('An episodic strategy has a reflection, by default of the actor.', async () => {
  const { get, update, strategies } = await useStrategies([
    { episodicMemoryStrategy: { name: 'Episodes' } },
  ]);
  expect((await get()).strategies![0]!.configuration).toEqual(reflection(actorNamespace));
  const [{ strategyId: memoryStrategyId } = {}] = strategies;
  const modify = (namespaceTemplates: string[]) =>
    update({
      modifyMemoryStrategies: [
        {
          memoryStrategyId,
          configuration: {
            reflection: { episodicReflectionConfiguration: { namespaceTemplates } },
          },
        },
      ],
    });
  const { strategies: modified } = await modify(['/strategies/{memoryStrategyId}/']);
  expect(modified![0]!.configuration).toEqual(reflection(['/strategies/{memoryStrategyId}/']));
  await expect(modify(['/elsewhere/'])).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/^Reflection namespace must be the same as or a prefix of/),
  });
});

test('Episodes in a namespace of their own have their reflections there.', async () => {
  const namespaces = ['/episodes/{actorId}/'];
  const { strategies } = await useStrategies([
    { episodicMemoryStrategy: { name: 'Episodes', namespaces } },
  ]);
  expect(strategies[0]!.configuration).toEqual(reflection(namespaces));
});

test('The overrides of a custom strategy are returned in the output structure of AWS.', async () => {
  const { create } = await useMemory();
  const { strategies } = await create({
    memoryExecutionRoleArn,
    memoryStrategies: [custom('Mine')],
  });
  expect(strategies).toMatchObject([
    {
      type: 'CUSTOM',
      configuration: {
        type: 'SEMANTIC_OVERRIDE',
        extraction: { customExtractionConfiguration: { semanticExtractionOverride: prompt } },
        consolidation: {
          customConsolidationConfiguration: { semanticConsolidationOverride: prompt },
        },
      },
    },
  ]);
});

test('A memory of the project that AWS would not create is served with a warning.', async () => {
  const [notes] = projectMemories(await useFolder());
  const memories = [{ ...notes!, memoryStrategies: [semantic('A'), semantic('B')] }];
  const { emulator } = await useMemory({ memories });
  expect(emulator.log).toContainEqual(
    expect.stringMatching(
      /^Demo_Notes: AWS does not create this memory\. .*Only one strategy of each type is allowed/,
    ),
  );
});
