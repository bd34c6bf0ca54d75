import type { ModelUsage } from './modelEvent.ts';
import { baseModelName } from './modelName.ts';

/** US dollars for a million tokens, as published in April 2026. */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** On-demand prices. For Claude, Bedrock in us-east-1 and Anthropic charge the same. */
const prices: Readonly<Record<string, Price>> = {
  'claude-opus-4-6': anthropicPrice(5, 25),
  'claude-opus-4-5': anthropicPrice(5, 25),
  'claude-opus-4-1': anthropicPrice(15, 75),
  'claude-opus-4': anthropicPrice(15, 75),
  'claude-sonnet-4-6': anthropicPrice(3, 15),
  'claude-sonnet-4-5': anthropicPrice(3, 15),
  'claude-sonnet-4': anthropicPrice(3, 15),
  'claude-haiku-4-5': anthropicPrice(1, 5),
  'claude-3-7-sonnet': anthropicPrice(3, 15),
  'claude-3-5-sonnet': anthropicPrice(3, 15),
  'claude-3-5-haiku': anthropicPrice(0.8, 4),
  'claude-3-haiku': { input: 0.25, output: 1.25, cacheRead: 0.03, cacheWrite: 0.3 },
  'nova-2-lite': novaPrice(0.3, 2.5),
  'nova-premier': novaPrice(2.5, 12.5),
  'nova-pro': novaPrice(0.8, 3.2),
  'nova-lite': novaPrice(0.06, 0.24),
  'nova-micro': novaPrice(0.035, 0.14),
  'gpt-5': openAiPrice(1.25, 10, 0.125),
  'gpt-5-mini': openAiPrice(0.25, 2, 0.025),
  'gpt-5-nano': openAiPrice(0.05, 0.4, 0.005),
  'gpt-4.1': openAiPrice(2, 8, 0.5),
  'gpt-4.1-mini': openAiPrice(0.4, 1.6, 0.1),
  'gpt-4.1-nano': openAiPrice(0.1, 0.4, 0.025),
  'gpt-4o': openAiPrice(2.5, 10, 1.25),
  'gpt-4o-mini': openAiPrice(0.15, 0.6, 0.075),
};

/** Estimates the cost of a call in US dollars; null for a model without a known price. */
export function estimateCost(model: string, usage: ModelUsage): number | null {
  const price = prices[baseModelName(model)];
  if (!price) return null;
  const micros =
    usage.inputTokens * price.input +
    usage.outputTokens * price.output +
    usage.cacheReadTokens * price.cacheRead +
    usage.cacheWriteTokens * price.cacheWrite;
  return micros / 1_000_000;
}

/** At Anthropic, a cache read costs 10% of the input price, and a cache write 125%. */
function anthropicPrice(input: number, output: number): Price {
  return { input, output, cacheRead: input / 10, cacheWrite: input * 1.25 };
}

/** At Amazon, a cache read costs 25% of the input price, and a cache write 100%. */
function novaPrice(input: number, output: number): Price {
  return { input, output, cacheRead: input / 4, cacheWrite: input };
}

function openAiPrice(input: number, output: number, cacheRead: number): Price {
  return { input, output, cacheRead, cacheWrite: input };
}
