import { expect, test } from 'vitest';
import { createPromptCache } from '../../../../../emulator/services/models/offline/promptCache.ts';
import { estimateTokens } from '../../../../../emulator/services/models/offline/tokenEstimate.ts';
import { request } from './request.ts';

const MINUTE = 60_000;
const system = [{ text: 'You know all the rules of the house.', cachePoint: true }];

function createCache() {
  const clock = { time: 0, now: () => clock.time };
  return { clock, cache: createPromptCache(clock) };
}

test('A prompt is written to the cache once and then read.', () => {
  const { cache } = createCache();
  const first = cache.read(request(['Hello'], { system }));
  expect(first.cacheReadTokens).toBe(0);
  expect(first.cacheWriteTokens).toBeGreaterThan(5);
  const second = cache.read(request(['Another prompt'], { system }));
  expect(second).toMatchObject({ cacheReadTokens: first.cacheWriteTokens, cacheWriteTokens: 0 });
  const { inputTokens, cacheReadTokens } = second;
  expect(inputTokens + cacheReadTokens).toBe(
    estimateTokens(request(['Another prompt'], { system })),
  );
});

test('A prefix expires 5 minutes after its last use.', () => {
  const { clock, cache } = createCache();
  const read = () => cache.read(request(['Hello'], { system })).cacheReadTokens > 0;
  read();
  clock.time = 4 * MINUTE;
  expect(read()).toBe(true);
  clock.time = 8 * MINUTE;
  expect(read()).toBe(true);
  clock.time = 13 * MINUTE;
  expect(read()).toBe(false);
});

test('A cache point that moves on with the conversation reads what was cached before.', () => {
  const { cache } = createCache();
  const cached = (text: string) => ({
    role: 'user' as const,
    content: [{ type: 'text' as const, text, cachePoint: true }],
  });
  const first = cache.read(request([cached('Hello there')]));
  const second = cache.read(request(['Hello there', 'Hi.', cached('How are you?')]));
  expect(second.cacheReadTokens).toBe(first.cacheWriteTokens);
  expect(second.cacheWriteTokens).toBeGreaterThan(0);
  expect(second.inputTokens).toBe(0);
});

test.for([
  ['another system prompt', request(['Hello'], { system: [{ text: 'Else.', cachePoint: true }] })],
  ['another model', request(['Hello'], { system, model: 'other' })],
  ['no cache point', request(['Hello'], { system: [{ text: system[0]!.text }] })],
] as const)('A prompt with %s reads nothing from the cache.', ([, other]) => {
  const { cache } = createCache();
  cache.read(request(['Hello'], { system }));
  expect(cache.read(other).cacheReadTokens).toBe(0);
});

test('The cache removes the least recently used prefixes.', () => {
  const { cache } = createCache();
  const read = (text: string) =>
    cache.read(request(['Hello'], { system: [{ text, cachePoint: true }] })).cacheReadTokens > 0;
  read('first');
  for (let index = 0; index < 1000; index += 1) read(`text ${index}`);
  expect(read('text 999')).toBe(true);
  expect(read('first')).toBe(false);
});
