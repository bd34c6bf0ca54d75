import type { Usage } from '../../shared/chat/answer.ts';
import type { StreamEvent } from './answer.ts';

/** Total usage of the model calls of an answer. */
export interface UsageTotal {
  /** Sets the usage of a call; replaces its earlier usage. */
  setCall(id: string, usage: Usage): StreamEvent[];
  /** Adds the usage of a call that is complete. */
  addCall(usage: Usage): StreamEvent[];
  /** Sets the total that the agent reports. */
  setTotal(usage: Usage): StreamEvent[];
}

const FIELDS = ['inputTokens', 'outputTokens', 'costInDollars'] as const;

/** Creates an empty total. */
export function createUsageTotal(): UsageTotal {
  const calls = new Map<string, Usage>();
  /** Sums, because an answer may have any number of calls. */
  const sum: Partial<Record<keyof Usage, number>> = {};
  let reported: Usage = {};

  function totalEvent(): StreamEvent[] {
    const usage = { ...sum, ...reported };
    return Object.keys(usage).length === 0 ? [] : [{ type: 'usage', usage }];
  }

  function addToSum(usage: Usage, before: Usage = {}): StreamEvent[] {
    for (const name of FIELDS) {
      const value = usage[name];
      if (value !== undefined) {
        sum[name] = (sum[name] ?? 0) + value - (before[name] ?? 0);
      }
    }
    return totalEvent();
  }

  return {
    setCall(id, usage) {
      const before = calls.get(id);
      calls.set(id, { ...before, ...usage });
      return addToSum(usage, before);
    },
    addCall: (usage) => addToSum(usage),
    setTotal(usage) {
      reported = { ...reported, ...usage };
      return totalEvent();
    },
  };
}
