import { isRecord } from './jsonValue.ts';

/** A whole schema, in which references are looked up. */
export type SchemaRoot = unknown;

/** Returns the schema at a JSON pointer such as `#/$defs/Address`; one that accepts all for others. */
export function resolveReference(reference: string, root: SchemaRoot): unknown {
  if (!reference.startsWith('#')) return true;
  let found: unknown = root;
  for (const part of reference.slice(1).split('/').filter(Boolean)) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    const parent: unknown = found;
    if (Array.isArray(parent)) found = parent[Number(key)];
    else if (isRecord(parent) && Object.hasOwn(parent, key)) found = parent[key];
    else return true;
  }
  return found ?? true;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
