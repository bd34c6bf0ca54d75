import { BatchCreateMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { explanation as explanationShape } from '../../../../emulator/services/memory/adminShapes.ts';
import type { Explanation } from '../../../../emulator/services/memory/explanation.ts';
import type { LoggedRetrieval } from '../../../../emulator/services/memory/retrievalLog.ts';
import { BEGINNING, useMemory } from '../../../support/memory.ts';

/** A memory with records in the namespaces of two actors. */
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

test('an explanation says what each word adds to each score, as it is retrieved', async () => {
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

test('what has a word of the query and is not found is told with what excludes it', async () => {
  const { explain } = await useRecords();
  const topic = {
    left: { metadataKey: 'topic' },
    operator: 'EQUALS_TO',
    right: { metadataValue: { stringValue: 'food' } },
  };
  const why = async (body: object) =>
    Object.fromEntries(
      (await explain(body)).excluded.map(({ text, why: reasons }) => [text, reasons]),
    );
  expect(await why(request)).toEqual({
    'Ana has a dog': ['there are 2 better ones, as topK says'],
    'Bea lives in Porto': ["its namespace is '/facts/bea/', which is not '/facts/ana/'"],
  });
  expect(
    await why({
      namespacePath: '/facts/ana',
      searchCriteria: {
        searchQuery: 'lives',
        memoryStrategyId: 'other',
        metadataFilters: [topic],
      },
    }),
  ).toMatchObject({
    'Bea lives in Porto': [
      "its namespace is '/facts/bea/', which is not '/facts/ana' nor under it",
      'its strategy is none, and other was asked for',
      `its metadata is {"topic":{"stringValue":"home"}}, which is not as ${JSON.stringify(topic)}`,
    ],
  });
});

test('what an agent asked for is kept, as a request that can be explained', async () => {
  const { memoryId, retrieve, retrievals, explain, emulator } = await useRecords();
  const before = {
    left: { metadataKey: 'x-amz-agentcore-memory-createdAt' },
    operator: 'BEFORE' as const,
    right: { metadataValue: { dateTimeValue: new Date(BEGINNING + 1_000) } },
  };
  await retrieve(memoryId, 'fish');
  await retrieve(memoryId, 'dog', { metadataFilters: [before], topK: 1 });
  const { retrievals: kept } = await retrievals();
  expect(kept).toMatchObject([
    { request: { namespacePath: '/', searchCriteria: { searchQuery: 'dog', topK: 1 } } },
    { request: { searchCriteria: { searchQuery: 'fish' } } },
  ]);
  const explained = await explain(kept[0]!.request);
  expect(explained.found).toMatchObject([{ text: 'Ana has a dog', words: [{ word: 'dog' }] }]);
  expect(kept[0]!.found).toEqual(
    explained.found.map(({ memoryRecordId, score }) => ({ memoryRecordId, score })),
  );
  expect(await emulator.admin('/memories/none-0123456789/retrievals')).toMatchObject({
    message: expect.stringContaining("There is no memory 'none-0123456789' here"),
  });
});

test('a request that the operation would refuse is refused in the same words', async () => {
  const { explain } = await useRecords();
  expect(await explain({ namespace: '/facts/ana/' })).toMatchObject({
    message: expect.stringContaining("'searchCriteria'"),
  });
  expect(await explain({ searchCriteria: { searchQuery: 'x' } })).toMatchObject({
    message: expect.stringContaining('neither it nor namespacePath is given'),
  });
});
