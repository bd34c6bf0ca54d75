import { BatchCreateMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { explanation as explanationShape } from '../../../../emulator/services/memory/adminShapes.ts';
import type { Explanation } from '../../../../emulator/services/memory/explanation.ts';
import type { LoggedRetrieval } from '../../../../emulator/services/memory/retrievalLog.ts';
import { BEGINNING, useMemory } from '../../../support/memory.ts';

/** Creates a memory with records in the namespaces of two actors. */
async function useRecords() {
  const memory = await useMemory();
  const { id: memoryId = '' } = await memory.create({
    indexedKeys: [{ key: 'topic', type: 'STRING' }],
  });
  const records = [
    ['/facts/ana/', 'Ana lives in Lisbon, and living there is dear', 'home'],
    ['/facts/ana/', 'Ana eats fish in Lisbon', 'food'],
    ['/facts/ana/', 'Ana has a dog', 'pets'],
    ['/facts/bea/', 'Bea lives in Porto', 'home'],
  ] as const;
  await memory.data.send(
    new BatchCreateMemoryRecordsCommand({
      memoryId,
      records: records.map(([namespace, text, topic], index) => ({
        requestIdentifier: String(index),
        namespaces: [namespace],
        content: { text },
        timestamp: new Date(BEGINNING),
        metadata: { topic: { stringValue: topic } },
      })),
    }),
  );
  const path = `/memories/${memoryId}`;
  return {
    ...memory,
    memoryId,
    explain: (request: object) => memory.emulator.admin<Explanation>(`${path}/explain`, request),
    retrievals: () =>
      memory.emulator.admin<{ retrievals: LoggedRetrieval[] }>(`${path}/retrievals`),
  };
}

const request = {
  namespace: '/facts/ana/',
  searchCriteria: { searchQuery: 'Where does Ana live in Lisbon?', topK: 2 },
};

test('An explanation shows the amount that each word adds to a score.', async () => {
  const { memoryId, explain, found } = await useRecords();
  const explanation = await explain(request);
  const { searchQuery, topK } = request.searchCriteria;
  const { namespace } = request;
  expect(explanationShape.safeParse(explanation).error).toBeUndefined();
  expect(explanation.found.map(({ text, score }) => ({ text, score }))).toEqual(
    await found(memoryId, searchQuery, { topK }, { namespace }),
  );
  expect(explanation).toMatchObject({
    searched: 3,
    words: [
      { word: 'ana', records: 3 },
      { word: 'live', records: 1 },
      { word: 'lisbon', records: 2 },
    ],
    ignored: ['where', 'does', 'in'],
  });
  const [best] = explanation.found;
  expect(best?.words).toMatchObject([
    { word: 'ana', forms: ['Ana'] },
    { word: 'live', forms: ['lives', 'living'] },
    { word: 'lisbon', forms: ['Lisbon'] },
  ]);
  for (const { words, score } of explanation.found) {
    const gains = words.map((word) => {
      const { share = NaN } = explanation.words.find(({ word: each }) => each === word.word) ?? {};
      expect(word.gain).toBeCloseTo((share * word.bm25) / word.best, 9);
      return word.gain;
    });
    expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(score, 9);
  }
});

test('An explanation gives the reasons for records that match a word but are not found.', async () => {
  const { explain } = await useRecords();
  const topic = {
    left: { metadataKey: 'topic' },
    operator: 'EQUALS_TO',
    right: { metadataValue: { stringValue: 'food' } },
  };
  const reasons = async (body: object) =>
    Object.fromEntries((await explain(body)).excluded.map(({ text, reasons }) => [text, reasons]));
  expect(await reasons(request)).toEqual({
    'Ana has a dog': ['topK is 2, and 2 other records rank higher.'],
    'Bea lives in Porto': ["Its namespace is '/facts/bea/', not '/facts/ana/'."],
  });
  expect(
    await reasons({
      namespacePath: '/facts/ana',
      searchCriteria: {
        searchQuery: 'lives',
        memoryStrategyId: 'other',
        metadataFilters: [topic],
      },
    }),
  ).toMatchObject({
    'Bea lives in Porto': [
      "Its namespace is '/facts/bea/', not '/facts/ana' or below it.",
      'Its strategy is none, not other.',
      `Its metadata {"topic":{"stringValue":"home"}} does not match ${JSON.stringify(topic)}.`,
    ],
  });
});

test('The retrieval log keeps requests in a form that can be explained.', async () => {
  const { memoryId, retrieve, retrievals, explain, emulator } = await useRecords();
  const before = {
    left: { metadataKey: 'x-amz-agentcore-memory-createdAt' },
    operator: 'BEFORE' as const,
    right: { metadataValue: { dateTimeValue: new Date('2100-01-01T00:00:00Z') } },
  };
  await retrieve(memoryId, 'fish');
  await retrieve(memoryId, 'dog', { metadataFilters: [before], topK: 1 });
  const { retrievals: logged } = await retrievals();
  expect(logged).toMatchObject([
    { request: { namespacePath: '/', searchCriteria: { searchQuery: 'dog', topK: 1 } } },
    { request: { searchCriteria: { searchQuery: 'fish' } } },
  ]);
  const explained = await explain(logged[0]!.request);
  expect(explained.found).toMatchObject([{ text: 'Ana has a dog', words: [{ word: 'dog' }] }]);
  expect(logged[0]!.found).toEqual(
    explained.found.map(({ memoryRecordId, score }) => ({ memoryRecordId, score })),
  );
  expect(await emulator.admin('/memories/none-0123456789/retrievals')).toMatchObject({
    message: expect.stringContaining('Memory not found: none-0123456789. Memories: '),
  });
});

test('The explain route rejects a request with the same message as the operation.', async () => {
  const { explain } = await useRecords();
  expect(await explain({ namespace: '/facts/ana/' })).toMatchObject({
    message: expect.stringContaining("'searchCriteria'"),
  });
  expect(await explain({ searchCriteria: { searchQuery: 'x' } })).toMatchObject({
    message: expect.stringContaining('namespace and namespacePath are both missing'),
  });
});
