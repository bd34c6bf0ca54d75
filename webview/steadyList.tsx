import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';

/** Enough of them that there are few groups, and few enough that one is quickly built. */
const GROUP = 64;

/**
 * A long list of which mostly the end changes. Items that are the same objects as before are compared
 * and no more: while an answer streams, ten thousand messages above it cost nothing.
 */
export function SteadyList<Item>({
  items,
  show,
}: {
  readonly items: readonly Item[];
  /** The same function until it shows something else. */
  readonly show: (item: Item, index: number) => JSX.Element;
}): JSX.Element {
  const groups = Array.from(
    { length: Math.ceil(items.length / GROUP) },
    (_, index) => index * GROUP,
  );
  return (
    <>
      {groups.map((from) => (
        <Group key={from} from={from} items={items.slice(from, from + GROUP)} show={show} />
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
  const kept = useRef(items);
  if (!areSame(kept.current, items)) kept.current = items;
  const steady = kept.current;
  return useMemo(
    () => <>{steady.map((item, index) => show(item, from + index))}</>,
    [steady, from, show],
  );
}

function areSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && after.every((item, index) => item === before[index]);
}
