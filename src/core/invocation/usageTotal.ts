import type { Usage } from '../../shared/chat/answer.ts';
import type { StreamEvent } from './answer.ts';

/** What an answer's calls of models took together. */
export interface UsageTotal {
  /** What a call took, which replaces what was said of it before. */
  setCall(id: string, usage: Usage): StreamEvent[];
  /** What a call took of which nothing more is said. */
  addCall(usage: Usage): StreamEvent[];
  /** What the whole answer took, by the agent's own account. */
  setTotal(usage: Usage): StreamEvent[];
}

const FIGURES = ['inputTokens', 'outputTokens', 'costInDollars'] as const;

/** Begins at nothing. */
export function createUsageTotal(): UsageTotal {
  const calls = new Map<string, Usage>();
  // Sums, as the calls of an answer may have no end.
  const sum: Partial<Record<keyof Usage, number>> = {};
  let own: Usage = {};

  function tell(): StreamEvent[] {
    const usage = { ...sum, ...own };
    return Object.keys(usage).length === 0 ? [] : [{ type: 'usage', usage }];
  }

  function grow(usage: Usage, before: Usage = {}): StreamEvent[] {
    for (const name of FIGURES) {
      const figure = usage[name];
      if (figure !== undefined) {
        sum[name] = (sum[name] ?? 0) + figure - (before[name] ?? 0);
      }
    }
    return tell();
  }

  return {
    setCall(id, usage) {
      const before = calls.get(id);
      calls.set(id, { ...before, ...usage });
      return grow(usage, before);
    },
    addCall: (usage) => grow(usage),
    setTotal(usage) {
      own = { ...own, ...usage };
      return tell();
    },
  };
}
