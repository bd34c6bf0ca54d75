export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a bound of a schema; the given one if the schema has none. */
export function toBound(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
