import type { JsonPath } from './jsonText.ts';

/** A name in one part of agentcore.json that must be an entry of another. */
export interface Reference {
  readonly path: JsonPath;
  /** Undefined if the field is absent. */
  readonly name: string | undefined;
  /** Names that the field may have. */
  readonly names: readonly string[];
  /** The list that has these names, as messages call it. */
  readonly list: string;
}

/** Returns a function that creates references to the entries of one list. */
export function referTo(
  list: string,
  entries: readonly { readonly name: string }[],
): (path: JsonPath, name: string | undefined) => Reference {
  const names = entries.map((entry) => entry.name);
  return (path, name) => ({ path, name, names, list });
}
