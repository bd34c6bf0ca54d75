/** Items that wait to be delivered. The oldest are dropped when they use too much memory. */
export interface Backlog<Item> {
  add(item: Item): void;
  /** Empties it. `dropped` counts the items dropped since the last call. */
  take(): { readonly items: readonly Item[]; readonly dropped: number };
}

/** Keeps the newest items, up to a total size. */
export function createBacklog<Item>(limit: number, measure: (item: Item) => number): Backlog<Item> {
  let items: Item[] = [];
  let size = 0;
  let dropped = 0;
  return {
    add(item) {
      items.push(item);
      size += measure(item);
      // Dropping items one by one would move all others each time.
      while (size > limit) {
        const oldest = items.splice(0, Math.ceil(items.length / 2));
        size = oldest.reduce((rest, each) => rest - measure(each), size);
        dropped += oldest.length;
      }
    },
    take() {
      const taken = { items, dropped };
      items = [];
      size = 0;
      dropped = 0;
      return taken;
    },
  };
}
