/** A parsed JSON object that is not validated yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An invalid entry. The message names the field, its value and the fix. */
export class EntryError extends Error {}

/** Reads a member that must be a non-empty string. */
export function readText(fields: JsonObject, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new EntryError(`${name}: expected a non-empty string, got ${abbreviate(value)}`);
}

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Reads a member that must be a time in ISO 8601. */
export function readTime(fields: JsonObject, name: string): Date {
  const value = fields[name];
  const time =
    value instanceof Date || (typeof value === 'string' && ISO_8601.test(value))
      ? new Date(value)
      : undefined;
  if (time && Number(time) >= 0) return time;
  throw new EntryError(
    `${name}: expected a time since 1970 such as 2026-01-31T12:00:00.000Z, got ${abbreviate(value)}`,
  );
}

/** Returns the object with some times in seconds, as on the wire. */
export function withWireTimes(fields: JsonObject, ...names: readonly string[]): JsonObject {
  const times = names.map((name) => [name, Number(readTime(fields, name)) / 1_000]);
  return { ...fields, ...(Object.fromEntries(times) as JsonObject) };
}

/** True when a value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MAX_LENGTH = 200;

/** Formats a value for an error message. Truncates a long value. */
export function abbreviate(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
