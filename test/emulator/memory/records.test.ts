import {
  BatchCreateMemoryRecordsCommand,
  BatchDeleteMemoryRecordsCommand,
  BatchUpdateMemoryRecordsCommand,
  DeleteMemoryRecordCommand,
  GetMemoryRecordCommand,
  ListMemoryRecordsCommand,
  paginateListMemoryRecords,
  type ListMemoryRecordsInput,
  type MemoryMetadataFilterExpression,
  type MemoryRecordCreateInput,
  type MemoryRecordOperatorType,
} from '@aws-sdk/client-bedrock-agentcore';
import { DeleteMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { useFolder } from '../../support/agents.ts';
import { BEGINNING, useMemory, type TestMemory } from '../../support/memory.ts';

/** Writes records of such texts, all in one namespace; gives back their ids. */
async function write(
  { data }: TestMemory,
  memoryId: string,
  texts: readonly string[],
  rest: Partial<MemoryRecordCreateInput> = {},
): Promise<string[]> {
  const { successfulRecords, failedRecords } = await data.send(
    new BatchCreateMemoryRecordsCommand({
      memoryId,
      records: texts.map((text, index) => ({
        requestIdentifier: `r${index}`,
        namespaces: ['/facts/ana/'],
        content: { text },
        timestamp: new Date(BEGINNING),
        ...rest,
      })),
    }),
  );
  expect(failedRecords).toEqual([]);
  return successfulRecords!.map(({ memoryRecordId }) => memoryRecordId!);
}

/** The texts that ListMemoryRecords gives. */
async function listed(
  { data }: TestMemory,
  input: ListMemoryRecordsInput,
): Promise<(string | undefined)[]> {
  const { memoryRecordSummaries = [] } = await data.send(new ListMemoryRecordsCommand(input));
  return memoryRecordSummaries.map(({ content }) => content?.text);
}

const sorted = (texts: readonly (string | undefined)[]) =>
  texts.toSorted((a, b) => String(a).localeCompare(String(b)));

test('a record comes back as it was written, under an id of the service’s form', async () => {
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
  const [memoryRecordId = ''] = await write(memory, memoryId, ['Ana lives in Lisbon'], given);
  expect(memoryRecordId).toMatch(/^mem-[a-zA-Z0-9-_]{36,46}$/);
  const { memoryRecord } = await memory.data.send(
    new GetMemoryRecordCommand({ memoryId, memoryRecordId, namespace: '/facts/ana/' }),
  );
  expect(memoryRecord).toEqual({
    ...given,
    memoryRecordId,
    content: { text: 'Ana lives in Lisbon' },
    createdAt: new Date(BEGINNING),
  });
  await expect(
    memory.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId, namespace: '/bob/' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an update changes what it names; what is deleted is gone', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  const [first = '', second = ''] = await write(memory, memoryId, ['one', 'two'], {
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
      errorMessage: expect.stringMatching(/There is no memory record/),
    },
    {
      memoryRecordId: second,
      status: 'FAILED',
      errorCode: 404,
      errorMessage: expect.stringMatching(/has no strategy 'Unknown'; it has none/),
    },
  ]);
  const { memoryRecord } = await memory.data.send(
    new GetMemoryRecordCommand({ memoryId, memoryRecordId: first }),
  );
  expect(memoryRecord).toMatchObject({
    content: { text: 'changed' },
    namespaces: ['/facts/ana/'],
    metadata: { topic: { stringValue: 'kept' } },
    createdAt: new Date(BEGINNING),
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
  expect(await listed(memory, { memoryId, namespacePath: '/' })).toEqual([]);
  expect(await memory.found(memoryId, 'changed')).toEqual([]);
});

test('a namespace is exact, and a path has what is under it by whole segments', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  for (const namespace of ['/a', '/a/', '/a/b', '/a/b/c/', '/ab', '/a0', '/', 'a/b']) {
    await write(memory, memoryId, [namespace], { namespaces: [namespace] });
  }
  const at = async (place: object) => sorted(await listed(memory, { memoryId, ...place }));
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
      message: expect.stringMatching(/give a namespace.*or a namespacePath/),
    });
  }
});

test('records are listed by pages, the newest first, whatever is added meanwhile', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  const texts = Array.from({ length: 45 }, (_, index) => String(index + 1));
  await write(memory, memoryId, texts);
  const where = { memoryId, namespace: '/facts/ana/' };
  const first = await memory.data.send(new ListMemoryRecordsCommand(where));
  expect(first.memoryRecordSummaries).toHaveLength(20);
  await write(memory, memoryId, ['46']);
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

test('what is found stands in the order of its score, in any form of its words', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await write(memory, memoryId, [
    'Ana lives in Lisbon',
    'Ana likes hiking in the mountains',
    'Ana likes to eat fish, and lives by the sea with her cat and two dogs',
    'Bob repairs bicycles',
  ]);
  const found = await memory.found(memoryId, 'Where does Ana live? Lisbon?');
  expect(found.map(({ text }) => text?.slice(0, 14))).toEqual([
    'Ana lives in L',
    'Ana likes to e',
    'Ana likes hiki',
    'Bob repairs bi',
  ]);
  const scores = found.map(({ score }) => score!);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(scores[0]).toBe(1);
  expect(scores[2]).toBeGreaterThan(0);
  expect(scores[3]).toBe(0);
  expect(await memory.found(memoryId, 'mountain hike', { topK: 1 })).toMatchObject([
    { text: 'Ana likes hiking in the mountains', score: 1 },
  ]);
});

test('of two records with the same words, the one that says less beside them is found first', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await write(memory, memoryId, ['Ana eats fish', 'Ana eats fish and talks of it for hours, too']);
  const [first, second] = await memory.found(memoryId, 'fish');
  expect(first).toEqual({ text: 'Ana eats fish', score: 1 });
  expect(second?.score).toBeLessThan(1);
});

test('a query that shares no word with a record finds it last, with a score of 0', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  expect(await memory.found(memoryId, 'test')).toEqual([]);
  await write(memory, memoryId, ['Ana lives in Lisbon']);
  expect(await memory.found(memoryId, 'test')).toEqual([{ text: 'Ana lives in Lisbon', score: 0 }]);
});

test.for([
  `"`,
  `Lisbon" OR "x`,
  `text:Lisbon NEAR(a b)`,
  `Lisbon* AND NOT (`,
  `{Lisbon} ^Lisbon + -`,
  `'; DROP TABLE records; --`,
  '\u0000 \u{1f44b}\u{1f3fd} \ud800',
  'the of and',
])('a query is words and no syntax: %j', async (query) => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await write(memory, memoryId, ['Ana lives in Lisbon', 'Bob lives in Porto']);
  const [first, ...others] = await memory.found(memoryId, query);
  expect(others).toHaveLength(1);
  if (query.includes('Lisbon')) expect(first?.text).toBe('Ana lives in Lisbon');
  else expect(first?.score).toBe(0);
});

test('what is found is cut at topK and given by pages', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create();
  await write(
    memory,
    memoryId,
    Array.from({ length: 40 }, (_, index) => `fish number ${index}`),
  );
  expect(await memory.found(memoryId, 'fish')).toHaveLength(10);
  const all = new Set<string | undefined>();
  let nextToken: string | undefined;
  const sizes: number[] = [];
  do {
    const page = await memory.retrieve(
      memoryId,
      'fish',
      { topK: 25 },
      { maxResults: 10, nextToken },
    );
    sizes.push(page.memoryRecordSummaries!.length);
    for (const { memoryRecordId } of page.memoryRecordSummaries!) all.add(memoryRecordId);
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  expect(sizes).toEqual([10, 10, 5]);
  expect(all.size).toBe(25);
});

const filters: readonly [MemoryRecordOperatorType, string, object | undefined, string[]][] = [
  ['EQUALS_TO', 'topic', { stringValue: 'home' }, ['new']],
  ['EXISTS', 'topic', undefined, ['new', 'old']],
  ['NOT_EXISTS', 'topic', undefined, ['bare']],
  ['CONTAINS', 'tags', { stringListValue: ['a'] }, ['new', 'old']],
  ['CONTAINS', 'tags', { stringListValue: ['a', 'b'] }, ['old']],
  ['GREATER_THAN', 'weight', { numberValue: 1 }, ['new']],
  ['GREATER_THAN_OR_EQUALS', 'weight', { numberValue: 1 }, ['new', 'old']],
  ['LESS_THAN', 'weight', { numberValue: 2.5 }, ['old']],
  ['LESS_THAN_OR_EQUALS', 'weight', { numberValue: 2.5 }, ['new', 'old']],
  ['BEFORE', 'since', { dateTimeValue: new Date(BEGINNING) }, ['old']],
  ['AFTER', 'since', { dateTimeValue: new Date(BEGINNING) }, ['new']],
  [
    'AFTER',
    'x-amz-agentcore-memory-createdAt',
    { dateTimeValue: new Date(BEGINNING - 1) },
    ['bare', 'new'],
  ],
];

test('metadata filters records by every operator, in lists and searches', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create({
    indexedKeys: [
      { key: 'topic', type: 'STRING' },
      { key: 'tags', type: 'STRINGLIST' },
      { key: 'weight', type: 'NUMBER' },
      { key: 'since', type: 'STRING' },
    ],
  });
  const of = (topic: string, tags: string[], weight: number, since: number) => ({
    timestamp: new Date(since),
    metadata: {
      topic: { stringValue: topic },
      tags: { stringListValue: tags },
      weight: { numberValue: weight },
      since: { dateTimeValue: new Date(since) },
    },
  });
  await write(memory, memoryId, ['old'], of('work', ['b', 'a'], 1, BEGINNING - 5));
  await write(memory, memoryId, ['new'], of('home', ['a'], 2.5, BEGINNING + 5));
  await write(memory, memoryId, ['bare']);
  const where = { memoryId, namespace: '/facts/ana/' };
  for (const [operator, metadataKey, metadataValue, expected] of filters) {
    const metadataFilters = [
      {
        left: { metadataKey },
        operator,
        ...(metadataValue && { right: { metadataValue } }),
      } as MemoryMetadataFilterExpression,
    ];
    const found = await memory.found(memoryId, 'new', { metadataFilters });
    expect({
      operator,
      listed: await listed(memory, { ...where, metadataFilters }),
      found: sorted(found.map(({ text }) => text)),
    }).toEqual({ operator, listed: expected, found: sorted(expected) });
  }
});

test.for([
  [
    { operator: 'EXISTS' },
    'other',
    /'other' is none of this memory's indexedKeys.*there are topic/,
  ],
  [{ operator: 'EQUALS_TO' }, 'topic', /EQUALS_TO needs a stringValue on its right for 'topic'/],
  [
    { operator: 'BEFORE', right: { metadataValue: { numberValue: 1 } } },
    'topic',
    /BEFORE needs a dateTimeValue/,
  ],
  [
    { operator: 'EXISTS', right: { metadataValue: { stringValue: 'x' } } },
    'topic',
    /EXISTS takes no value/,
  ],
  [
    { operator: 'LESS_THAN', right: { metadataValue: { numberValue: 1 } } },
    'x-amz-agentcore-memory-updatedAt',
    /is a time/,
  ],
] as const)('a filter that means nothing is refused: %j of %s', async ([filter, key, message]) => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create({
    indexedKeys: [{ key: 'topic', type: 'STRING' }],
  });
  const metadataFilters = [{ left: { metadataKey: key }, ...filter }];
  await expect(listed(memory, { memoryId, namespace: '/', metadataFilters })).rejects.toMatchObject(
    {
      name: 'ValidationException',
      message: expect.stringMatching(message),
    },
  );
});

test('a key may have the name of what every object has', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create({
    indexedKeys: [{ key: 'constructor', type: 'STRING' }],
  });
  await write(memory, memoryId, ['his'], { metadata: { constructor: { stringValue: 'Ada' } } });
  await write(memory, memoryId, ['none']);
  for (const [operator, value] of [
    ['EQUALS_TO', { right: { metadataValue: { stringValue: 'Ada' } } }],
    ['EXISTS', {}],
  ] as const) {
    const metadataFilters = [{ left: { metadataKey: 'constructor' }, operator, ...value }];
    expect(await listed(memory, { memoryId, namespace: '/facts/ana/', metadataFilters })).toEqual([
      'his',
    ]);
  }
});

test('records of one memory are not another’s, outlive the emulator and the events, and go with their memory', async () => {
  const dataFolder = await useFolder();
  const first = await useMemory({ dataFolder });
  const { id: memoryId = '' } = await first.create({ eventExpiryDuration: 3 });
  const { id: otherId = '' } = await first.create({ name: 'Other' });
  const [memoryRecordId] = await write(first, memoryId, ['Ana lives in Lisbon']);
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
