import { expect, test } from 'vitest';
import type { ModelBackend } from '../../../../emulator/services/models/modelBackend.ts';
import type { SpanDetail } from '../../../../emulator/span.ts';
import { request } from './offline/request.ts';
import { baseModelName } from '../../../../emulator/services/models/modelName.ts';
import { createModelCalls } from '../../../../emulator/services/models/modelCalls.ts';
import { createModelSelection } from '../../../../emulator/services/models/modelSelection.ts';
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

test('The cost is that of the model that replies, not of the one that the agent names.', async () => {
  const backend: ModelBackend = {
    async *invoke() {},
    countTokens: async () => 1_000_000,
    embed: async () => ({ vectors: [], inputTokens: 0 }),
  };
  const selection = await createModelSelection(
    { model: 'anthropic:claude-haiku-4-5' },
    async () => backend,
  );
  const details: Promise<SpanDetail>[] = [];
  await createModelCalls(selection).countTokens(
    {
      caller: null,
      onDisconnected() {},
      addToSpan: (detail) => void details.push(detail),
    },
    request(['Hello'], { model: 'us.anthropic.claude-opus-4-6-v1' }),
  );
  expect((await details[0])?.model?.cost).toBe(1);
});
