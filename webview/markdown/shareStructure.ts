/**
 * Returns `after` with all parts that equal those of `before` replaced by the same objects, so that
 * they are not rendered again.
 */
export function shareStructure<T>(before: unknown, after: T): T {
  if (before === after || !isObject(before) || !isObject(after)) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  const shared: Record<string, unknown> = {};
  for (const key of keys) {
    shared[key] = shareStructure(before[key], after[key]);
    same &&= shared[key] === before[key];
  }
  if (same) return before as T;
  return (Array.isArray(after) ? Object.values(shared) : shared) as T;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
