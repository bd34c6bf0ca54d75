import * as z from 'zod';
import type { ModelCalls } from '../modelCalls.ts';
import type { ModelEndpoint } from '../protocolRoute.ts';
import { notEmulated, parseRequest } from '../requestShape.ts';

/** The most texts that OpenAI embeds in a request. */
const MAX_TEXTS = 2048;

const text = z.string().min(1, { error: 'expected text that is not empty' });

const embeddingsShape = z.object({
  model: z.string().min(1),
  input: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(text).min(1).max(MAX_TEXTS),
  ),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
});

/** Creates the endpoint of embeddings. */
export function createEmbeddingsEndpoint(calls: ModelCalls): ModelEndpoint {
  return {
    operation: 'openai embeddings',
    async handle({ body }, call) {
      refuseTokens(body['input']);
      const request = parseRequest(embeddingsShape, body);
      const { model, input: texts, dimensions } = request;
      const { vectors, inputTokens } = await calls.embed(call, {
        model,
        texts,
        dimensions: dimensions ?? undefined,
      });
      const isBase64 = request.encoding_format === 'base64';
      return {
        json: {
          object: 'list',
          data: vectors.map((vector, index) => ({
            object: 'embedding',
            index,
            embedding: isBase64 ? encodeVector(vector) : vector,
          })),
          model,
          usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
        },
      };
    },
  };
}

function refuseTokens(input: unknown): void {
  const [first] = Array.isArray(input) ? (input as unknown[]).flat() : [];
  if (typeof first !== 'number') return;
  throw notEmulated(['input'], 'tokens are not emulated. Send strings.');
}

/** Encodes a vector as 32-bit floats in little-endian order. */
function encodeVector(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
