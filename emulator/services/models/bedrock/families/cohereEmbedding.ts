import { randomUUID } from 'node:crypto';
import { ModelError } from '../../modelError.ts';
import { malformed, readNumber, readTexts, type ModelBody } from './modelBody.ts';
import type { EmbeddingFamily } from './modelFamily.ts';
import { EMBEDDING_TYPES } from './quantization.ts';

const MAX_TEXTS = 96;
const INPUT_TYPES: ReadonlySet<unknown> = new Set([
  'search_document',
  'search_query',
  'classification',
  'clustering',
  'image',
]);

/** Cohere Embed 3: up to 96 texts and their vectors. */
export const cohereEmbedding: EmbeddingFamily = createCohere(() => 1024);

const DIMENSIONS_V4 = new Set([256, 512, 1024, 1536]);

/** Cohere Embed 4, which has vectors of several lengths. */
export const cohereEmbeddingV4: EmbeddingFamily = createCohere((body) => {
  const dimensions = readNumber(body, 'output_dimension') ?? 1536;
  if (DIMENSIONS_V4.has(dimensions)) return dimensions;
  throw malformed(`#/output_dimension: ${dimensions} is not a valid enum value`);
});

function createCohere(readDimensions: (body: ModelBody) => number): EmbeddingFamily {
  return {
    kind: 'embedding',
    readRequest(body, model) {
      const inputType = body['input_type'];
      if (inputType === undefined) throw malformed('#: required key [input_type] not found');
      if (!INPUT_TYPES.has(inputType)) {
        throw malformed(`#/input_type: ${JSON.stringify(inputType)} is not a valid enum value`);
      }
      readTypes(body);
      return { model, texts: readInputs(body), dimensions: readDimensions(body) };
    },
    writeReply({ vectors }, body) {
      const types = readTypes(body);
      const embeddings = Object.fromEntries(
        types.map((type) => [type, vectors.map((vector) => EMBEDDING_TYPES[type]!(vector))]),
      );
      const isTyped = types.length > 0;
      return {
        id: randomUUID(),
        texts: readInputs(body),
        embeddings: isTyped ? embeddings : vectors,
        response_type: isTyped ? 'embeddings_by_type' : 'embeddings_floats',
      };
    },
  };
}

function readInputs(body: ModelBody): readonly string[] {
  if (body['images'] !== undefined || body['inputs'] !== undefined) {
    throw new ModelError('notEmulated', 'Image embeddings are not emulated. Send text.');
  }
  const texts = readTexts(body, 'texts');
  if (texts.length === 0) throw malformed('#: required key [texts] not found');
  if (texts.length > MAX_TEXTS) {
    throw malformed(`#/texts: expected maximum item count: ${MAX_TEXTS}, found: ${texts.length}`);
  }
  return texts;
}

function readTypes(body: ModelBody): readonly string[] {
  const types = readTexts(body, 'embedding_types');
  const unknown = types.find((type) => !Object.hasOwn(EMBEDDING_TYPES, type));
  if (unknown === undefined) return types;
  throw malformed(`#/embedding_types: ${JSON.stringify(unknown)} is not a valid enum value`);
}
