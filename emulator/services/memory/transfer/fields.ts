/** What a line of JSON holds, before it is known to be what it should. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What is wrong with an entry: the field, its value and what to do. */
export class EntryError extends Error {}

/** A member that must be a text, and not an empty one. */
export function readText(fields: JsonObject, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new EntryError(`${name}: ${abbreviate(value)} is no text; give one`);
}

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** A member that must be a moment, in ISO 8601. */
export function readTime(fields: JsonObject, name: string): Date {
  const value = fields[name];
  const time =
    value instanceof Date || (typeof value === 'string' && ISO_8601.test(value))
      ? new Date(value)
      : undefined;
  if (time && Number(time) >= 0) return time;
  throw new EntryError(
    `${name}: ${abbreviate(value)} is no moment since 1970; write it as 2026-01-31T12:00:00.000Z`,
  );
}

/** The same with times as the wire has them, in seconds. */
export function withWireTimes(fields: JsonObject, ...names: readonly string[]): JsonObject {
  const times = names.map((name) => [name, Number(readTime(fields, name)) / 1_000]);
  return { ...fields, ...(Object.fromEntries(times) as JsonObject) };
}

/** Whether a value is an object of JSON. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST_SHOWN = 200;

/** A value as an error shows it: not all of a long one. */
export function abbreviate(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
