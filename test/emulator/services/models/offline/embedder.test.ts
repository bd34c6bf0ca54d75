import { expect, test } from 'vitest';
import { embedTexts } from '../../../../../emulator/services/models/offline/embedder.ts';

const model = 'amazon.titan-embed-text-v2:0';

function similarity(a: string, b: string): number {
  const [first, second] = embedTexts({ model, texts: [a, b] }).vectors;
  return first!.reduce((sum, value, index) => sum + value * second![index]!, 0);
}

test.for([
  ['The cat sleeps on the sofa', 'A sleeping cat on a sofa', 'The stock market fell on Monday'],
  ['How do I reset my password?', 'Resetting passwords', 'Opening hours of the museum'],
  ['Flights from Oslo to Rome', 'Cheap flight to Rome', 'A recipe for apple pie'],
  ['invoice payment overdue', 'The payment of an invoice is overdue', 'weather forecast for Paris'],
  ['color of the car', 'colour of the cars', 'height of the mountain'],
] as const)('%j is more similar to %j than to %j.', ([text, similar, other]) => {
  expect(similarity(text, similar)).toBeGreaterThan(similarity(text, other) + 0.2);
});

test.for([
  ['amazon.titan-embed-text-v2:0', undefined, 1024],
  ['amazon.titan-embed-text-v2:0', 256, 256],
  ['amazon.titan-embed-text-v1', undefined, 1536],
  ['cohere.embed-english-v3', undefined, 1024],
  ['text-embedding-3-small', undefined, 1536],
  ['text-embedding-3-large', undefined, 3072],
  ['text-embedding-3-large', 1, 1],
] as const)('A vector of %s with the dimensions %s has length 1 in %d dimensions.', (row) => {
  const [id, dimensions, expected] = row;
  const { vectors } = embedTexts({ model: id, texts: ['a red fox', '', '!'], dimensions });
  for (const vector of vectors) {
    expect(vector).toHaveLength(expected);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 9);
  }
});

test('The same text has the same vector, and its tokens are counted.', () => {
  const reply = embedTexts({ model, texts: ['a red fox', 'a red fox'] });
  expect(reply.vectors[0]).toEqual(reply.vectors[1]);
  expect(reply.inputTokens).toBe(6);
});

test.for([0, -1, 1.5, 10_000])('%d dimensions are refused.', (dimensions) => {
  expect(() => embedTexts({ model, texts: ['a'], dimensions })).toThrow(
    `dimensions: ${dimensions} is not valid. Use an integer from 1 to 8192.`,
  );
});
