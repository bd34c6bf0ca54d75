import {
  ListMemoryExtractionJobsCommand,
  StartMemoryExtractionJobCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import type { MetadataSchemaEntry } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { facts, textsOf, useMemoryWithStrategies } from '../../../support/strategyMemory.ts';
import { useMemory } from '../../../support/memory.ts';

const indexedKeys = [{ key: 'class', type: 'STRING' as const }];

/** A strategy for facts with which these keys of an event's metadata go along. */
const labelled = (...metadataSchema: MetadataSchemaEntry[]) => ({
  semanticMemoryStrategy: {
    name: 'Facts',
    namespaceTemplates: ['/facts/{actorId}/'],
    memoryRecordSchema: { metadataSchema },
  },
});

const strict: MetadataSchemaEntry = { key: 'class', extractionType: 'STRICTLY_CONSISTENT' };

const as = (value: string) => ({ metadata: { class: { stringValue: value } } });

test('a strictly consistent key of an event goes into its records, and none of other values gets into them', async () => {
  const { id, say, records, found } = await useMemoryWithStrategies({
    indexedKeys,
    memoryStrategies: [labelled(strict, { key: 'other' })],
  });
  await say(id, 'I live in Lisbon.', as('private'));
  await say(id, 'I live in Porto.', as('public'));
  await say(id, 'I live in Faro.');
  const all = await records('/facts/ana/');
  expect(all.map(({ content, metadata }) => [content?.text, metadata?.['class']])).toEqual([
    ['The user lives in Lisbon.', { stringValue: 'private' }],
    ['The user lives in Porto.', { stringValue: 'public' }],
    ['The user lives in Faro.', undefined],
  ]);
  // What contradicts takes the place of what has the same value, and of nothing else.
  await say(id, 'I live in Braga.', as('public'));
  expect(textsOf(await records('/facts/ana/'))).toEqual([
    'The user lives in Lisbon.',
    'The user lives in Braga.',
    'The user lives in Faro.',
  ]);
  const filter = {
    left: { metadataKey: 'class' },
    operator: 'EQUALS_TO' as const,
    right: { metadataValue: { stringValue: 'private' } },
  };
  expect(await found(id, 'lives', { metadataFilters: [filter] })).toEqual([
    { text: 'The user lives in Lisbon.', score: 1 },
  ]);
});

test('what failed is extracted with the metadata that its events had', async () => {
  const { id, say, records, data, emulator } = await useMemoryWithStrategies(
    { indexedKeys, memoryStrategies: [labelled(strict)] },
    { limits: { extraction: 5 } },
  );
  await say(id, 'I live in Lisbon.', as('private'));
  await say(id, 'I live in Porto.', as('public'));
  expect(textsOf(await records('/facts/ana/'))).toEqual(['The user lives in Lisbon.']);
  const memoryId = id;
  const { jobs = [] } = await data.send(new ListMemoryExtractionJobsCommand({ memoryId }));
  await emulator.admin('/clock', { advanceSeconds: 60 });
  const extractionJob = { jobId: jobs[0]?.jobID };
  await data.send(new StartMemoryExtractionJobCommand({ memoryId, extractionJob }));
  expect((await records('/facts/ana/')).map(({ metadata }) => metadata?.['class'])).toEqual([
    { stringValue: 'private' },
    { stringValue: 'public' },
  ]);
});

test('a schema that cannot be kept to is refused by the strategy and the key', async () => {
  const { create } = await useMemory();
  const { extractionType } = strict;
  const four = ['a', 'b', 'c', 'd'].map((key) => ({ key, extractionType }));
  const summary = { ...labelled(strict).semanticMemoryStrategy, name: 'Summary' };
  for (const [memoryStrategies, why] of [
    [[labelled({ ...strict, key: 'team' })], /'team' is STRICTLY_CONSISTENT, so .* indexedKeys/],
    [[labelled({ ...strict, type: 'NUMBER' })], /of type NUMBER; such keys are STRING/],
    [
      [labelled({ ...strict, extractionConfig: { llmExtractionConfig: { definition: 'x' } } })],
      /so it takes no extractionConfig/,
    ],
    [[labelled(...four)], /4 keys that are STRICTLY_CONSISTENT; 3 are the most/],
    [[facts, { summaryMemoryStrategy: summary }], /the keys of summaries cannot be/],
  ] as const) {
    await expect(
      create({ indexedKeys, memoryStrategies: [...memoryStrategies] }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(why) as string,
    });
  }
});
