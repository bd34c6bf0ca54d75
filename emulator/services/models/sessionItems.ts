import type { Caller } from '../../caller.ts';

/** Items of each session by ID, which later requests of the same session can refer to. In memory. */
export interface SessionItems<Item> {
  find(caller: Caller | null, id: string): Item | undefined;
  add(caller: Caller | null, id: string, item: Item): void;
  remove(caller: Caller | null, id: string): boolean;
}

/** Limits of all items together. The oldest are removed. */
export interface ItemLimits {
  readonly items: number;
  readonly bytes: number;
}

const LIMITS: ItemLimits = { items: 1000, bytes: 128 * 1024 * 1024 };

export function createSessionItems<Item>(
  sizeOf: (item: Item) => number,
  limits = LIMITS,
): SessionItems<Item> {
  const stored = new Map<string, { readonly item: Item; readonly size: number }>();
  let total = 0;

  function forget(key: string): boolean {
    total -= stored.get(key)?.size ?? 0;
    return stored.delete(key);
  }

  return {
    find: (caller, id) => stored.get(keyOf(caller, id))?.item,
    add(caller, id, item) {
      const size = sizeOf(item);
      stored.set(keyOf(caller, id), { item, size });
      total += size;
      while (stored.size > limits.items || (total > limits.bytes && stored.size > 1)) {
        forget(stored.keys().next().value!);
      }
    },
    remove: (caller, id) => forget(keyOf(caller, id)),
  };
}

/** External clients share one scope. Agents see only the items of their own session. */
function keyOf(caller: Caller | null, id: string): string {
  const run = caller?.session()?.run;
  return JSON.stringify([run?.runtimeId ?? null, run?.sessionId ?? null, id]);
}
