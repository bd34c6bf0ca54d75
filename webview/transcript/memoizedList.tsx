import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';

/** Number of items per group: few groups to compare, and each is quick to render. */
const GROUP_SIZE = 64;

/** Renders a long list that changes mostly at its end. Groups of unchanged items are not rendered again. */
export function MemoizedList<Item>({
  items,
  renderItem,
}: {
  readonly items: readonly Item[];
  /** Must be the same function until it renders something else. */
  readonly renderItem: (item: Item, index: number) => JSX.Element;
}): JSX.Element {
  return (
    <>
      {chunk(items, GROUP_SIZE).map((group, index) => (
        <Group key={index} from={index * GROUP_SIZE} items={group} renderItem={renderItem} />
      ))}
    </>
  );
}

function Group<Item>({
  from,
  items,
  renderItem,
}: {
  readonly from: number;
  readonly items: readonly Item[];
  readonly renderItem: (item: Item, index: number) => JSX.Element;
}): JSX.Element {
  const stable = useStableList(items);
  return useMemo(
    () => <>{stable.map((item, index) => renderItem(item, from + index))}</>,
    [stable, from, renderItem],
  );
}

/** Divides items into groups of `size`. */
export function chunk<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Returns the previous list while its items are the same. */
export function useStableList<Item>(items: readonly Item[]): readonly Item[] {
  const previous = useRef(items);
  if (!areSame(previous.current, items)) previous.current = items;
  return previous.current;
}

function areSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && after.every((item, index) => item === before[index]);
}
