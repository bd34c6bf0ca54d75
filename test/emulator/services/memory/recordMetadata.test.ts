import {
  ListMemoryExtractionJobsCommand,
  StartMemoryExtractionJobCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import type { MetadataSchemaEntry } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { facts, readTexts, useMemoryWithStrategies } from '../../../support/strategyMemory.ts';
import { useMemory } from '../../../support/memory.ts';

const indexedKeys = [{ key: 'class', type: 'STRING' as const }];

/** A strategy for facts with a metadata schema. */
const labelled = (...metadataSchema: MetadataSchemaEntry[]) => ({
  semanticMemoryStrategy: {
    name: 'Facts',
    namespaceTemplates: ['/facts/{actorId}/'],
    memoryRecordSchema: { metadataSchema },
  },
});

const strict: MetadataSchemaEntry = { key: 'class', extractionType: 'STRICTLY_CONSISTENT' };

const as = (value: string) => ({ metadata: { class: { stringValue: value } } });

test('A strictly consistent key is copied to records, and content with other values stays separate.', async () => {
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
  // A contradicting fact replaces only a record with the same value.
  await say(id, 'I live in Braga.', as('public'));
  expect(readTexts(await records('/facts/ana/'))).toEqual([
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

test('A restarted job keeps the metadata of its events.', async () => {
  const { id, say, records, data, emulator } = await useMemoryWithStrategies(
    { indexedKeys, memoryStrategies: [labelled(strict)] },
    { limits: { extraction: 5 } },
  );
  await say(id, 'I live in Lisbon.', as('private'));
  await say(id, 'I live in Porto.', as('public'));
  expect(readTexts(await records('/facts/ana/'))).toEqual(['The user lives in Lisbon.']);
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

test('An invalid metadata schema is rejected with the strategy and the key.', async () => {
  const { create } = await useMemory();
  const { extractionType } = strict;
  const four = ['a', 'b', 'c', 'd'].map((key) => ({ key, extractionType }));
  const summary = { ...labelled(strict).semanticMemoryStrategy, name: 'Summary' };
  for (const [memoryStrategies, why] of [
    [[labelled({ ...strict, key: 'team' })], /'team' is STRICTLY_CONSISTENT. .* indexedKeys/],
    [[labelled({ ...strict, type: 'NUMBER' })], /must have the type STRING, not NUMBER/],
    [
      [labelled({ ...strict, extractionConfig: { llmExtractionConfig: { definition: 'x' } } })],
      /takes no extractionConfig/,
    ],
    [[labelled(...four)], /4 keys are STRICTLY_CONSISTENT; the maximum is 3/],
    [[facts, { summaryMemoryStrategy: summary }], /summary strategies do not support/],
  ] as const) {
    await expect(
      create({ indexedKeys, memoryStrategies: [...memoryStrategies] }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(why) as string,
    });
  }
});
