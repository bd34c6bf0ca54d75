import { createHash } from 'node:crypto';

/** A JSON value. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/**
 * Returns a value as a cassette stores it: names sorted, text rewritten, and bytes as their hash. Equal
 * requests have equal JSON.
 */
export function toRecordedValue(value: unknown, rewrite: (text: string) => string): JsonValue {
  if (typeof value === 'string') return rewrite(value);
  if (value instanceof Uint8Array) {
    const sha256 = createHash('sha256').update(value).digest('hex');
    return { bytes: value.length, sha256 };
  }
  if (Array.isArray(value)) return value.map((each) => toRecordedValue(each, rewrite));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      entries.map(([name, each]) => [name, toRecordedValue(each, rewrite)]),
    );
  }
  return (value ?? null) as JsonValue;
}
