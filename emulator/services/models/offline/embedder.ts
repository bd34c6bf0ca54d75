import type { EmbeddingReply, EmbeddingRequest } from '../modelBackend.ts';
import { ModelError } from '../modelError.ts';
import { countTokens } from './tokenEstimate.ts';
import { isCommonWord, splitWords, stem } from './words.ts';

/** The default lengths of vectors, by a part of the model's ID. */
const DIMENSIONS: readonly (readonly [model: RegExp, dimensions: number])[] = [
  [/text-embedding-3-large/, 3072],
  [/text-embedding-3-small|text-embedding-ada-002|titan-embed-(?:g1-)?text-(?:v1|01)/, 1536],
  [/titan-embed-text-v1|titan-embed-g1/, 1536],
  [/cohere\.embed-v4/, 1536],
];
const DEFAULT_DIMENSIONS = 1024;
const MAX_DIMENSIONS = 8192;

/** Weights of features. Parts of words make different spellings similar. */
const WORD_WEIGHT = 1;
const COMMON_WORD_WEIGHT = 0.1;
const PART_WEIGHT = 0.25;
const PART_LENGTH = 3;

/** Embeds texts by hashing their words. Texts with common words have similar vectors. */
export function embedTexts({ model, texts, dimensions }: EmbeddingRequest): EmbeddingReply {
  const length = dimensions ?? defaultDimensions(model);
  if (!Number.isInteger(length) || length < 1 || length > MAX_DIMENSIONS) {
    throw new ModelError(
      'invalid',
      `dimensions: ${length} is not valid. Use an integer from 1 to ${MAX_DIMENSIONS}.`,
    );
  }
  return {
    vectors: texts.map((text) => embed(text, length)),
    inputTokens: texts.reduce((sum, text) => sum + countTokens(text), 0),
  };
}

function defaultDimensions(model: string): number {
  return DIMENSIONS.find(([pattern]) => pattern.test(model))?.[1] ?? DEFAULT_DIMENSIONS;
}

function embed(text: string, length: number): number[] {
  const vector = Array.from<number>({ length }).fill(0);
  const add = (feature: string, weight: number) => {
    const hash = hashText(feature);
    const index = (hash >>> 1) % length;
    vector[index]! += hash & 1 ? weight : -weight;
  };
  for (const word of splitWords(text)) {
    const root = stem(word);
    add(`word ${root}`, isCommonWord(word) ? COMMON_WORD_WEIGHT : WORD_WEIGHT);
    if (isCommonWord(word)) continue;
    const padded = ` ${root} `;
    for (let start = 0; start + PART_LENGTH <= padded.length; start += 1) {
      add(`part ${padded.slice(start, start + PART_LENGTH)}`, PART_WEIGHT);
    }
  }
  let norm = Math.hypot(...vector);
  if (norm === 0) {
    // No text has a vector without a direction.
    add(`text ${text}`, 1);
    norm = 1;
  }
  return vector.map((value) => value / norm);
}

/** Computes the 32-bit FNV-1a hash of a text, mixed so that all of its bits depend on all characters. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
