import { vi } from 'vitest';

/** Retries an assertion until it passes. The long timeout allows for busy machines. */
export function eventually<Value>(assertion: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(assertion, { timeout: 20_000, interval: 20 });
}
