import { malformed, readNumber, readText, readTexts, type ModelBody } from './modelBody.ts';
import type { EmbeddingFamily } from './modelFamily.ts';
import { normalize } from './quantization.ts';

const DIMENSIONS = 1536;

/** Titan Text Embeddings G1: one text and its vector. */
export const titanEmbedding: EmbeddingFamily = {
  kind: 'embedding',
  readRequest: (body, model) => ({
    model,
    texts: [readText(body, 'inputText')],
    dimensions: DIMENSIONS,
  }),
  writeReply: ({ vectors, inputTokens }) => ({
    embedding: vectors[0],
    inputTextTokenCount: inputTokens,
  }),
};

const DIMENSIONS_V2 = new Set([256, 512, 1024]);
const TYPES_V2 = new Set(['float', 'binary']);

/** Titan Text Embeddings V2, which has vectors of several lengths and types. */
export const titanEmbeddingV2: EmbeddingFamily = {
  kind: 'embedding',
  readRequest(body, model) {
    const dimensions = readNumber(body, 'dimensions') ?? 1024;
    if (!DIMENSIONS_V2.has(dimensions)) {
      throw malformed(`#/dimensions: ${dimensions} is not a valid enum value`);
    }
    readTypes(body);
    return { model, texts: [readText(body, 'inputText')], dimensions };
  },
  writeReply({ vectors: [vector = []], inputTokens }, body) {
    const embedding = body['normalize'] === false ? vector : normalize(vector);
    const types = readTypes(body);
    return {
      ...(types.includes('float') && { embedding }),
      embeddingsByType: Object.fromEntries(
        types.map((type) => [type, type === 'binary' ? signsOf(embedding) : embedding]),
      ),
      inputTextTokenCount: inputTokens,
    };
  },
};

function readTypes(body: ModelBody): readonly string[] {
  const types = readTexts(body, 'embeddingTypes');
  const unknown = types.find((type) => !TYPES_V2.has(type));
  if (unknown !== undefined) {
    throw malformed(`#/embeddingTypes: ${unknown} is not a valid enum value`);
  }
  return types.length > 0 ? types : ['float'];
}

/** In Titan's binary vectors, each sign is a number. */
function signsOf(vector: readonly number[]): number[] {
  return vector.map((value) => (value > 0 ? 1 : 0));
}
