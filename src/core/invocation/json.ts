/** The members of a JSON object, of which nothing is known. */
export type JsonMembers = Readonly<Record<string, unknown>>;

/** What JavaScript has and its types do not have yet. */
interface ExactJson {
  /** A number that `stringify` writes like this. */
  rawJSON(source: string): unknown;
  isRawJSON(value: unknown): boolean;
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}

const exactJson = JSON as unknown as ExactJson;

/** The value as an object; null where it is none. */
export function asMembers(value: unknown): JsonMembers | null {
  return typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !exactJson.isRawJSON(value)
    ? (value as JsonMembers)
    : null;
}

/** The members of an object; none where the value is no object. */
export function membersOf(value: unknown): JsonMembers {
  return asMembers(value) ?? {};
}

/** The elements of a list; none where the value is no list. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * The value as a string; null where it is none. What is no string is never made one by JavaScript: an
 * object of an agent's may have its own `toString`, which is no function.
 */
export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value as a number; null where it is none. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** The JSON's value, in which longer numbers than JavaScript's stay as they are; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    // Who looks at each value takes several times as long.
    if (!/[\d.]{16}|\d[eE]/.test(text)) return JSON.parse(text);
    return exactJson.parse(text, (_key, value, { source }) =>
      typeof value === 'number' ? exactNumber(source!) : value,
    );
  } catch {
    return undefined;
  }
}

/** A number of JSON, which is written as it was read. */
export function exactNumber(source: string): unknown {
  const value = Number(source);
  const [digits] = source.replaceAll(/^[-0.]+|\./g, '').split(/e/i);
  const isExact = digits!.length <= 15 && Number.isFinite(value) && (value !== 0 || digits === '');
  return isExact || String(value) === source ? value : exactJson.rawJSON(source);
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}
