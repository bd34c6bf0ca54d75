import type { Usage } from '../../shared/chat/answer.ts';
import type { StreamEvent } from './answer.ts';

/** What an answer's calls of models took together. */
export interface Tally {
  /** What a call took, which replaces what was said of it before. */
  call(id: string, usage: Usage): StreamEvent[];
  /** What the whole answer took, by the agent's own account. */
  whole(usage: Usage): StreamEvent[];
}

/** Begins at nothing. */
export function createTally(): Tally {
  const calls = new Map<string, Usage>();
  let own: Usage = {};

  function total(name: 'inputTokens' | 'outputTokens' | 'costInDollars'): Usage {
    if (own[name] !== undefined) return { [name]: own[name] };
    const known = [...calls.values()].flatMap((usage) => usage[name] ?? []);
    return known.length === 0 ? {} : { [name]: known.reduce((sum, figure) => sum + figure, 0) };
  }

  function tell(): StreamEvent[] {
    const usage = { ...total('inputTokens'), ...total('outputTokens'), ...total('costInDollars') };
    return Object.keys(usage).length === 0 ? [] : [{ type: 'usage', usage }];
  }

  return {
    call(id, usage) {
      calls.set(id, { ...calls.get(id), ...usage });
      return tell();
    },
    whole(usage) {
      own = { ...own, ...usage };
      return tell();
    },
  };
}
