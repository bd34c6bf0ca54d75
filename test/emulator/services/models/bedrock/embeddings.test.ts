import { InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import type { EmbeddingRequest } from '../../../../../emulator/services/models/modelBackend.ts';
import { useBedrock } from './useBedrock.ts';

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'cohere.embed-english-v3';

/** Starts Bedrock Runtime with a backend that returns the vector for each text. */
async function useEmbedder(vector: readonly number[]) {
  const requests: EmbeddingRequest[] = [];
  const { client } = await useBedrock([], {
    async embed(request) {
      requests.push(request);
      return { vectors: request.texts.map(() => vector), inputTokens: 7 };
    },
  });
  const embed = async (modelId: string, body: object): Promise<unknown> => {
    const command = new InvokeModelCommand({ modelId, body: JSON.stringify(body) });
    return JSON.parse((await client.send(command)).body.transformToString());
  };
  return { embed, requests };
}

test('Titan V1 returns one vector of 1,536 numbers.', async () => {
  const { embed, requests } = await useEmbedder([0.5, -0.5]);
  expect(await embed('amazon.titan-embed-text-v1', { inputText: 'Hi' })).toEqual({
    embedding: [0.5, -0.5],
    inputTextTokenCount: 7,
  });
  expect(requests).toEqual([
    { model: 'amazon.titan-embed-text-v1', texts: ['Hi'], dimensions: 1536 },
  ]);
});

test('Titan V2 has dimensions, types and normalization.', async () => {
  const { embed, requests } = await useEmbedder([3, -4]);
  expect(await embed(TITAN, { inputText: 'Hi' })).toEqual({
    embedding: [0.6, -0.8],
    embeddingsByType: { float: [0.6, -0.8] },
    inputTextTokenCount: 7,
  });
  const body = {
    inputText: 'Hi',
    dimensions: 256,
    normalize: false,
    embeddingTypes: ['float', 'binary'],
  };
  expect(await embed(TITAN, body)).toEqual({
    embedding: [3, -4],
    embeddingsByType: { float: [3, -4], binary: [1, 0] },
    inputTextTokenCount: 7,
  });
  expect(requests.map(({ dimensions }) => dimensions)).toEqual([1024, 256]);
});

test('Cohere returns a vector for each text, as numbers or by type.', async () => {
  const vector = [1, -1, 0.5, -0.5, 1, 1, -1, 1, 1];
  const { embed, requests } = await useEmbedder(vector);
  const body = { texts: ['a', 'b'], input_type: 'search_document' };
  expect(await embed(COHERE, body)).toEqual({
    id: expect.any(String),
    texts: ['a', 'b'],
    embeddings: [vector, vector],
    response_type: 'embeddings_floats',
  });
  const types = ['float', 'int8', 'uint8', 'binary', 'ubinary'];
  expect(await embed(COHERE, { ...body, texts: ['a'], embedding_types: types })).toMatchObject({
    embeddings: {
      float: [vector],
      int8: [[127, -127, 64, -63, 127, 127, -127, 127, 127]],
      uint8: [[255, 1, 192, 65, 255, 255, 1, 255, 255]],
      binary: [[0b10101101 - 128, 0b10000000 - 128]],
      ubinary: [[0b10101101, 0b10000000]],
    },
    response_type: 'embeddings_by_type',
  });
  expect(requests.map(({ dimensions }) => dimensions)).toEqual([1024, 1024]);
});

test('Cohere 4 returns vectors of the requested length.', async () => {
  const { embed, requests } = await useEmbedder([1]);
  const body = { texts: ['a'], input_type: 'search_query' };
  await embed('us.cohere.embed-v4:0', body);
  await embed('us.cohere.embed-v4:0', { ...body, output_dimension: 512 });
  expect(requests.map(({ dimensions }) => dimensions)).toEqual([1536, 512]);
});

test.for<[string, string, object]>([
  ['#: required key [inputText] not found', TITAN, {}],
  ['#/dimensions: 300 is not a valid enum value', TITAN, { inputText: 'a', dimensions: 300 }],
  ['#: required key [input_type] not found', COHERE, { texts: ['a'] }],
  ['#: required key [texts] not found', COHERE, { input_type: 'search_query' }],
  [
    '#/embedding_types: "int4" is not a valid enum value',
    COHERE,
    { texts: ['a'], input_type: 'search_query', embedding_types: ['int4'] },
  ],
  [
    'expected maximum item count: 96, found: 97',
    COHERE,
    { texts: Array(97).fill('a'), input_type: 'search_query' },
  ],
])('A malformed embedding body is refused: %s', async ([message, modelId, body]) => {
  const { embed } = await useEmbedder([1]);
  await expect(embed(modelId, body)).rejects.toThrow(message);
});
