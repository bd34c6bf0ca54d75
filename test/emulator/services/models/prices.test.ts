import { expect, test } from 'vitest';
import { baseModelName } from '../../../../emulator/services/models/modelName.ts';
import { estimateCost } from '../../../../emulator/services/models/prices.ts';

test.for([
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
  ['anthropic.claude-3-haiku-20240307-v1:0:200k', 'claude-3-haiku'],
  ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', 'nova-lite'],
  ['claude-sonnet-4-20250514', 'claude-sonnet-4'],
  ['gpt-4o-2024-08-06', 'gpt-4o'],
  ['gpt-4.1-mini', 'gpt-4.1-mini'],
  ['openai.gpt-oss-120b-1:0', 'gpt-oss-120b-1'],
])('The base name of %s is %s.', ([model, name]) => {
  expect(baseModelName(model!)).toBe(name);
});

test('The cost counts each kind of token at its price.', () => {
  const usage = {
    inputTokens: 1000,
    outputTokens: 100,
    cacheReadTokens: 10_000,
    cacheWriteTokens: 0,
  };
  // 1000 × $3, 100 × $15 and 10,000 × $0.30 for a million tokens.
  expect(estimateCost('us.anthropic.claude-sonnet-4-5-20250929-v1:0', usage)).toBeCloseTo(0.0075);
  expect(estimateCost('claude-opus-9', usage)).toBeNull();
});
