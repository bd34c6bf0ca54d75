import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';

/** Enough of them that there are few groups, and few enough that one is quickly built. */
const GROUP = 64;

/**
 * A long list of which mostly the end changes. Items that are the same objects as before are compared
 * and no more.
 */
export function MemoizedList<Item>({
  items,
  show,
}: {
  readonly items: readonly Item[];
  /** The same function until it shows something else. */
  readonly show: (item: Item, index: number) => JSX.Element;
}): JSX.Element {
  return (
    <>
      {chunk(items, GROUP).map((group, index) => (
        <Group key={index} from={index * GROUP} items={group} show={show} />
      ))}
    </>
  );
}

function Group<Item>({
  from,
  items,
  show,
}: {
  readonly from: number;
  readonly items: readonly Item[];
  readonly show: (item: Item, index: number) => JSX.Element;
}): JSX.Element {
  const steady = useStableList(items);
  return useMemo(
    () => <>{steady.map((item, index) => show(item, from + index))}</>,
    [steady, from, show],
  );
}

/** Items in groups of so many. */
export function chunk<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** The same list as before, as long as its items are the same. */
export function useStableList<Item>(items: readonly Item[]): readonly Item[] {
  const kept = useRef(items);
  if (!areSame(kept.current, items)) kept.current = items;
  return kept.current;
}

function areSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && after.every((item, index) => item === before[index]);
}
