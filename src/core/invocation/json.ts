/** The members of a JSON object, of which nothing is known. */
export type Members = Readonly<Record<string, unknown>>;

/** The value as an object; null where it is none. */
export function asMembers(value: unknown): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : null;
}

/** The members of an object; none where the value is no object. */
export function membersOf(value: unknown): Members {
  return asMembers(value) ?? {};
}

/** The elements of a list; none where the value is no list. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string; null where it is none. */
export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value as a number; null where it is none. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** The JSON's value; undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}
