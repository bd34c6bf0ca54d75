import {
  BatchUpdateMemoryRecordsCommand,
  BedrockAgentCoreClient,
  RetrieveMemoryRecordsCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { BEGINNING, useMemory } from '../../../support/memory.ts';
import { useModelServer } from '../../../support/modelServer.ts';
import { writeRecords } from '../../../support/records.ts';
import { sdkSettings } from '../../../support/sdk.ts';

/** Vectors by a word of the text: directions that a model of meanings could give. */
const MEANINGS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/dog|puppy|pet/i, [2, 0, 0]],
  [/sushi|food/i, [0, 3, 0]],
  [/work|job/i, [0, 0, 1]],
];

const embedText = (text: string) => MEANINGS.find(([word]) => word.test(text))?.[1] ?? [-1, -1, -1];

/** Starts a server with OpenAI's embeddings. */
async function useEmbeddingServer(embed: (text: string) => readonly number[] | null = embedText) {
  const batches: string[][] = [];
  const server = await useModelServer(({ body }, response) => {
    const input = body['input'] as string[];
    batches.push(input);
    const vectors = input.map(embed);
    if (vectors.includes(null)) return;
    // In reverse order, because the index identifies the text.
    const data = vectors.map((embedding, index) => ({ index, embedding })).toReversed();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data, usage: { prompt_tokens: input.length } }));
  });
  return { ...server, batches };
}

const texts = ['Ana has a puppy', 'Ana likes sushi', 'Ana has a job at a bank'];

test('Records are ranked by meaning, and each is embedded once.', async () => {
  const { url, batches } = await useEmbeddingServer();
  const memory = await useMemory({ memoryEmbeddings: `openai:${url}#embed` });
  const { id = '' } = await memory.create();
  await writeRecords(memory, id, texts);
  expect(await memory.found(id, 'Which pets are there?', { topK: 2 })).toEqual([
    { text: 'Ana has a puppy', score: 1 },
    { text: 'Ana has a job at a bank', score: 0 },
  ]);
  expect(batches).toEqual([['Which pets are there?'], texts.toReversed()]);
  expect((await memory.found(id, 'favorite food'))[0]).toEqual({
    text: 'Ana likes sushi',
    score: 1,
  });
  expect(batches.slice(2)).toEqual([['favorite food']]);
  expect(memory.emulator.log).toContainEqual(
    expect.stringMatching(/^memory embeddings: openai:.*#embed \(embed\) read 3 tokens/),
  );
});

test('A changed text is embedded again, and so are all records for another model.', async () => {
  const { url, batches } = await useEmbeddingServer();
  const dataFolder = await useFolder();
  const memory = await useMemory({ dataFolder, memoryEmbeddings: `openai:${url}#embed` });
  const { id = '' } = await memory.create();
  const [first] = await writeRecords(memory, id, texts);
  await memory.found(id, 'pet');
  await memory.data.send(
    new BatchUpdateMemoryRecordsCommand({
      memoryId: id,
      records: [
        {
          memoryRecordId: first,
          timestamp: new Date(BEGINNING),
          content: { text: 'Ana eats food' },
        },
      ],
    }),
  );
  batches.length = 0;
  expect((await memory.found(id, 'pet')).map(({ score }) => score)).toEqual([0, 0, 0]);
  expect(batches).toEqual([['pet'], ['Ana eats food']]);
  await memory.emulator.close();

  const next = await useMemory({ dataFolder, memoryEmbeddings: `openai:${url}#embed` });
  batches.length = 0;
  await next.found(id, 'pet');
  expect(batches).toEqual([['pet']]);
  await next.emulator.close();
  const other = await useMemory({ dataFolder, memoryEmbeddings: `openai:${url}#other` });
  batches.length = 0;
  await other.found(id, 'pet');
  expect(batches.flat()).toHaveLength(4);
});

test('Namespaces, filters and pages apply as to a search by words.', async () => {
  const { url, batches } = await useEmbeddingServer();
  const memory = await useMemory({ memoryEmbeddings: `openai:${url}#embed` });
  const { id = '' } = await memory.create({ indexedKeys: [{ key: 'topic', type: 'STRING' }] });
  await writeRecords(memory, id, ['A pet of Bea'], { namespaces: ['/facts/bea/'] });
  await writeRecords(memory, id, ['A pet with a topic'], {
    metadata: { topic: { stringValue: 'pets' } },
  });
  const many = Array.from({ length: 40 }, (_, index) => `Food ${index}`);
  await writeRecords(memory, id, many);
  const inAna = { namespacePath: undefined, namespace: '/facts/ana/' };
  const first = await memory.retrieve(id, 'pet', { topK: 41 }, { ...inAna, maxResults: 30 });
  expect(first.memoryRecordSummaries?.[0]?.content?.text).toBe('A pet with a topic');
  const { nextToken } = first;
  const rest = await memory.retrieve(
    id,
    'pet',
    { topK: 41 },
    { ...inAna, maxResults: 30, nextToken },
  );
  expect(rest.memoryRecordSummaries).toHaveLength(11);
  // Batches are bounded, and what is outside the namespace is not embedded.
  expect(Math.max(...batches.map(({ length }) => length))).toBe(32);
  expect(batches.flat()).not.toContain('A pet of Bea');
  const filter = { left: { metadataKey: 'topic' }, operator: 'EQUALS_TO' } as const;
  const filtered = await memory.found(id, 'food', {
    metadataFilters: [{ ...filter, right: { metadataValue: { stringValue: 'pets' } } }],
  });
  expect(filtered).toEqual([{ text: 'A pet with a topic', score: 0 }]);
});

test('Concurrent retrievals embed each record once.', async () => {
  const { url, batches } = await useEmbeddingServer();
  const memory = await useMemory({ memoryEmbeddings: `openai:${url}#embed` });
  const { id = '' } = await memory.create();
  await writeRecords(memory, id, texts);
  await Promise.all(['pet', 'food', 'job'].map(async (query) => memory.found(id, query)));
  expect(batches.flat().toSorted()).toEqual([...texts, 'pet', 'food', 'job'].toSorted());
});

test('The explanation has the formula and the same scores.', async () => {
  const { url } = await useEmbeddingServer();
  const memory = await useMemory({ memoryEmbeddings: `openai:${url}#embed` });
  const { id = '' } = await memory.create();
  await writeRecords(memory, id, texts);
  const explanation = await memory.emulator.admin<Record<string, unknown>>(
    `/memories/${id}/explain`,
    { namespacePath: '/', searchCriteria: { searchQuery: 'Ana’s pet', topK: 1 } },
  );
  expect(explanation).toMatchObject({
    formula: expect.stringContaining('cosine') as string,
    found: [{ text: 'Ana has a puppy', score: 1, words: [] }],
    excluded: [
      { words: ['ana'], reasons: ['topK is 1, and 1 other records rank higher.'] },
      { words: ['ana'] },
    ],
  });
});

test('The embeddings of a session’s retrieval are in its timeline.', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') return json(response, process.env);`),
  );
  const memory = await useMemory({ agents: [agent], memoryEmbeddings: 'offline' });
  const { id = '' } = await memory.create();
  await writeRecords(memory, id, texts);
  const runtimeSessionId = 'session-'.padEnd(40, '0');
  const environment = await memory.emulator.invoke({ runtimeSessionId });
  const url = String(environment['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE']);
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const searchCriteria = { searchQuery: 'sushi' };
  await client.send(
    new RetrieveMemoryRecordsCommand({ memoryId: id, namespacePath: '/', searchCriteria }),
  );
  await expect
    .poll(async () => memory.emulator.timeline(runtimeSessionId))
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          operation: 'memory embeddings',
          status: 200,
          model: expect.objectContaining({ backend: 'offline' }) as object,
        }),
      ]),
    );
});

test('The offline model ranks texts with common parts of words higher.', async () => {
  const memory = await useMemory({ memoryEmbeddings: 'offline' });
  const { id = '' } = await memory.create();
  await writeRecords(memory, id, ['The user bicycles to the office', 'The user likes jazz']);
  // A search by words finds no form of "bicycle" in "bicyclist".
  const found = await memory.found(id, 'bicyclist');
  expect(found[0]?.text).toBe('The user bicycles to the office');
  expect(found[0]?.score).toBeGreaterThan(0.1);
  expect(found[0]?.score).toBeGreaterThan(found[1]?.score ?? 1);
  expect(await memory.found(id, 'bicyclist')).toEqual(found);
});

test('A retrieval fails with the reason when the server is down.', async () => {
  const memory = await useMemory({ memoryEmbeddings: 'openai:http://127.0.0.1:9#embed' });
  const { id = '' } = await memory.create();
  await writeRecords(memory, id, texts);
  await expect(memory.found(id, 'pet')).rejects.toThrow(
    /#embed are unavailable.*cannot be reached/,
  );
  expect(memory.emulator.log).toContainEqual(expect.stringContaining('cannot be reached'));
});

test.for([
  ['is slow', () => null, 'did not reply within 0.05 s'],
  [
    'replies with vectors of different lengths',
    (text: string) => Array(text.length).fill(1) as number[],
    'different lengths',
  ],
  ['replies with something else', () => 'vector' as never, '1 embeddings for 1 texts'],
] as const)('A retrieval fails with the reason when the server %s.', async ([, embed, reason]) => {
  const { url } = await useEmbeddingServer(embed);
  const memory = await useMemory({
    memoryEmbeddings: `openai:${url}#embed`,
    memoryTimeout: reason.includes('0.05') ? 0.05 : 60,
  });
  const { id = '' } = await memory.create();
  await writeRecords(memory, id, texts);
  await expect(memory.found(id, 'pet')).rejects.toThrow(reason);
});
