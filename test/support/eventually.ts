import { vi } from 'vitest';

/** Waits until a claim holds. On a busy machine that may take long; time decides only when to give up. */
export function eventually<Value>(claim: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(claim, { timeout: 20_000, interval: 20 });
}
