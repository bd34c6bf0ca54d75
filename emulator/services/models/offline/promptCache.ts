import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { ModelRequest } from '../modelRequest.ts';
import type { ModelUsage } from '../modelEvent.ts';
import { readPromptParts } from './tokenEstimate.ts';

/** Milliseconds after its last use for which a prefix stays cached. */
const LIFETIME = 5 * 60 * 1000;
/** Maximum prefixes to keep. The least recently used ones are removed first. */
const MAX_PREFIXES = 1000;

export type PromptUsage = Omit<ModelUsage, 'outputTokens'>;

/** The prefixes of prompts up to their cache points, by hash. */
export interface PromptCache {
  /** Returns the usage of a prompt, and caches it up to its last cache point. */
  read(request: ModelRequest): PromptUsage;
}

/** Creates a cache that expires with the emulator's clock, as Bedrock's does after 5 minutes. */
export function createPromptCache(clock: Pick<Clock, 'now'>): PromptCache {
  /** The expiry of each prefix, in the order of last use. */
  const expiries = new Map<string, number>();

  function isCached(prefix: string): boolean {
    const expiry = expiries.get(prefix);
    return expiry !== undefined && expiry > clock.now();
  }

  function keep(prefix: string): void {
    expiries.delete(prefix);
    expiries.set(prefix, clock.now() + LIFETIME);
    const [oldest] = expiries.keys();
    if (expiries.size > MAX_PREFIXES && oldest !== undefined) expiries.delete(oldest);
  }

  return {
    read(request) {
      const { prefixes, total } = readPrefixes(request);
      const last = prefixes.findLast(({ cachePoint }) => cachePoint);
      if (!last) return { inputTokens: total, cacheReadTokens: 0, cacheWriteTokens: 0 };
      // A cache point moves on with the conversation, so any earlier prefix counts.
      const known = prefixes.findLast(({ tokens, id }) => tokens <= last.tokens && isCached(id));
      if (known) keep(known.id);
      for (const { cachePoint, id } of prefixes) if (cachePoint) keep(id);
      const cacheReadTokens = known?.tokens ?? 0;
      return {
        inputTokens: total - last.tokens,
        cacheReadTokens,
        cacheWriteTokens: last.tokens - cacheReadTokens,
      };
    },
  };
}

interface Prefix {
  readonly id: string;
  /** All tokens of the prompt up to here. */
  readonly tokens: number;
  readonly cachePoint: boolean;
}

/** Prompts without a cache point are not hashed. */
function readPrefixes(request: ModelRequest): { prefixes: Prefix[]; total: number } {
  const parts = [...readPromptParts(request)];
  const end = parts.findLastIndex(({ cachePoint }) => cachePoint);
  const hash = createHash('sha256').update(request.model);
  const prefixes: Prefix[] = [];
  let total = 0;
  for (const [index, { content, tokens, cachePoint }] of parts.entries()) {
    total += tokens;
    if (index > end) continue;
    hash.update(JSON.stringify(content, encodeBytes)).update('\n');
    prefixes.push({ id: hash.copy().digest('base64'), tokens: total, cachePoint });
  }
  return { prefixes, total };
}

function encodeBytes(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? createHash('sha256').update(value).digest('base64') : value;
}
