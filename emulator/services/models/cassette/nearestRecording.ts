import type { JsonValue } from './recordedValue.ts';

/** A difference between a recorded request and a new one. Undefined means that a request lacks the field. */
export interface Difference {
  /** A path such as `messages.1.content.0.text`. */
  readonly path: string;
  readonly recorded: JsonValue | undefined;
  readonly now: JsonValue | undefined;
}

/** Finds the request with the fewest differences. Of several, the first. */
export function findNearest(
  request: JsonValue,
  recorded: Iterable<JsonValue>,
): { readonly index: number; readonly differences: readonly Difference[] } | null {
  const now = leavesOf(request);
  let nearest: { index: number; differences: Difference[] } | null = null;
  let index = 0;
  for (const each of recorded) {
    const differences = compare(leavesOf(each), now);
    if (!nearest || differences.length < nearest.differences.length)
      nearest = { index, differences };
    index += 1;
  }
  return nearest;
}

type Leaves = ReadonlyMap<string, JsonValue>;

function leavesOf(value: JsonValue): Leaves {
  const leaves = new Map<string, JsonValue>();
  function walk(each: JsonValue, path: string): void {
    const isLeaf = typeof each !== 'object' || each === null || Object.keys(each).length === 0;
    if (isLeaf) leaves.set(path, each);
    else
      for (const [name, below] of Object.entries(each))
        walk(below, path ? `${path}.${name}` : name);
  }
  walk(value, '');
  return leaves;
}

function compare(recorded: Leaves, now: Leaves): Difference[] {
  const differences: Difference[] = [];
  for (const [path, value] of recorded) {
    if (JSON.stringify(now.get(path)) !== JSON.stringify(value)) {
      differences.push({ path, recorded: value, now: now.get(path) });
    }
  }
  for (const [path, value] of now) {
    if (!recorded.has(path)) differences.push({ path, recorded: undefined, now: value });
  }
  return differences;
}

/** Characters that are shown before and after the place where two texts differ. */
const CONTEXT = 40;

/** Describes a difference in one sentence. Long text is shortened to the part that differs. */
export function describeDifference({ path, recorded, now }: Difference): string {
  if (recorded === undefined) return `${path}: not recorded, now ${excerpt(now!, 0)}`;
  if (now === undefined) return `${path}: recorded ${excerpt(recorded, 0)}, now absent`;
  const at =
    typeof recorded === 'string' && typeof now === 'string' ? firstDifference(recorded, now) : 0;
  return `${path}: recorded ${excerpt(recorded, at)}, now ${excerpt(now, at)}`;
}

function excerpt(value: JsonValue, at: number): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const start = Math.max(0, at - CONTEXT);
  const end = at + CONTEXT;
  const shown = text.slice(start, end);
  return JSON.stringify(`${start > 0 ? '…' : ''}${shown}${end < text.length ? '…' : ''}`);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
