import { ModelError } from '../modelError.ts';

/** Throws AWS's error if a path is not a JSON Pointer to a field. */
export function checkPointers(pointers: readonly string[]): void {
  const wrong = pointers.find((pointer) => !/^(?:\/(?:[^~/]|~[01])+)+$/.test(pointer));
  if (wrong === undefined) return;
  throw new ModelError(
    'invalid',
    `additionalModelResponseFieldPaths: ${JSON.stringify(wrong)} is not a valid JSON Pointer. Use a path such as /stop_sequence.`,
  );
}

/** Selects fields of a model's own reply. Fields that it does not have are left out, as in AWS. */
export function selectFields(document: object, pointers: readonly string[]): object | undefined {
  const selected: Record<string, unknown> = {};
  for (const pointer of pointers) {
    const keys = pointer
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const value = keys.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      document,
    );
    if (value !== undefined) place(selected, keys, value);
  }
  return Object.keys(selected).length > 0 ? selected : undefined;
}

function place(into: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let parent = into;
  for (const key of keys.slice(0, -1)) parent = (parent[key] ??= {}) as Record<string, unknown>;
  parent[keys.at(-1)!] = value;
}
