/** Members of a JSON object of unknown shape. */
export type JsonMembers = Readonly<Record<string, unknown>>;

/** Parts of `JSON` that TypeScript's types do not have yet. */
interface ExactJson {
  /** Creates a number that `stringify` writes as `source`. */
  rawJSON(source: string): unknown;
  isRawJSON(value: unknown): boolean;
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}

const exactJson = JSON as unknown as ExactJson;

/** Returns the value if it is an object; otherwise null. */
export function asMembers(value: unknown): JsonMembers | null {
  return typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !exactJson.isRawJSON(value)
    ? (value as JsonMembers)
    : null;
}

/** Returns the members of an object; none for any other value. */
export function readMembers(value: unknown): JsonMembers {
  return asMembers(value) ?? {};
}

/** Returns the elements of a list; none for any other value. */
export function readElements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Returns the value if it is a string; otherwise null. Other values are not converted, because an
 * agent's object may have a `toString` member that is not a function.
 */
export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Returns the value if it is a number; otherwise null. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Parses JSON and keeps numbers that JavaScript cannot represent; undefined for other text. */
export function parseJson(text: string): unknown {
  try {
    // A reviver makes parsing several times slower.
    if (!/[\d.]{16}|\d[eE]/.test(text)) return JSON.parse(text);
    return exactJson.parse(text, (_key, value, { source }) =>
      typeof value === 'number' ? exactNumber(source!) : value,
    );
  } catch {
    return undefined;
  }
}

/** Parses a number of JSON; `JSON.stringify` writes it as it was read. */
export function exactNumber(source: string): unknown {
  const value = Number(source);
  const [digits] = source.replaceAll(/^[-0.]+|\./g, '').split(/e/i);
  const isExact = digits!.length <= 15 && Number.isFinite(value) && (value !== 0 || digits === '');
  return isExact || String(value) === source ? value : exactJson.rawJSON(source);
}

/** True for JSON. */
export function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}
