import type {
  MemoryMetadataFilterExpression,
  MemoryRecordOperatorType,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { BEGINNING, useMemory } from '../../../support/memory.ts';
import { listRecords, sortTexts, writeRecords } from '../../../support/records.ts';

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
];

test('Records can be filtered by metadata with every operator, in lists and searches.', async () => {
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
  await writeRecords(memory, memoryId, ['old'], of('work', ['b', 'a'], 1, BEGINNING - 5));
  await writeRecords(memory, memoryId, ['new'], of('home', ['a'], 2.5, BEGINNING + 5));
  await writeRecords(memory, memoryId, ['bare']);
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
      listed: await listRecords(memory, { ...where, metadataFilters }),
      found: sortTexts(found.map(({ text }) => text)),
    }).toEqual({ operator, listed: expected, found: sortTexts(expected) });
  }
});

test.for([
  [
    { operator: 'EXISTS' },
    'other',
    /'other' is not one of this memory's indexedKeys.*Indexed keys: topic/,
  ],
  [{ operator: 'EQUALS_TO' }, 'topic', /EQUALS_TO for 'topic' requires a stringValue on the right/],
  [
    { operator: 'BEFORE', right: { metadataValue: { numberValue: 1 } } },
    'topic',
    /BEFORE for 'topic' requires a dateTimeValue/,
  ],
  [
    { operator: 'EXISTS', right: { metadataValue: { stringValue: 'x' } } },
    'topic',
    /EXISTS for 'topic' takes no value/,
  ],
  [
    { operator: 'LESS_THAN', right: { metadataValue: { numberValue: 1 } } },
    'x-amz-agentcore-memory-updatedAt',
    /is a time/,
  ],
] as const)('An invalid filter is rejected: %j of %s.', async ([filter, key, message]) => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create({
    indexedKeys: [{ key: 'topic', type: 'STRING' }],
  });
  const metadataFilters = [{ left: { metadataKey: key }, ...filter }];
  await expect(
    listRecords(memory, { memoryId, namespace: '/', metadataFilters }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(message),
  });
});

test('A metadata key can have the name of an Object member.', async () => {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create({
    indexedKeys: [{ key: 'constructor', type: 'STRING' }],
  });
  await writeRecords(memory, memoryId, ['his'], {
    metadata: { constructor: { stringValue: 'Ada' } },
  });
  await writeRecords(memory, memoryId, ['none']);
  for (const [operator, value] of [
    ['EQUALS_TO', { right: { metadataValue: { stringValue: 'Ada' } } }],
    ['EXISTS', {}],
  ] as const) {
    const metadataFilters = [{ left: { metadataKey: 'constructor' }, operator, ...value }];
    expect(
      await listRecords(memory, { memoryId, namespace: '/facts/ana/', metadataFilters }),
    ).toEqual(['his']);
  }
});
