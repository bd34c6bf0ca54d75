import { isDeepStrictEqual } from 'node:util';
import { isRecord } from './jsonValue.ts';
import { resolveReference, type SchemaRoot } from './references.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** Maximum references and `allOf` to follow for one schema. */
const MAX_STEPS = 32;

/** Replaces the reference and `allOf` of a schema with the keywords that they stand for. */
export function flattenSchema(schema: unknown, root: SchemaRoot): Keywords {
  let flat: Keywords = isRecord(schema) ? schema : {};
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const { $ref, allOf, ...own } = flat;
    if (typeof $ref !== 'string' && !Array.isArray(allOf)) return flat;
    const parts = [
      ...(typeof $ref === 'string' ? [resolveReference($ref, root)] : []),
      ...(Array.isArray(allOf) ? (allOf as unknown[]) : []),
    ];
    flat = parts.slice(0, MAX_STEPS).filter(isRecord).reduce(mergeSchemas, own);
  }
  return flat;
}

/** Combines the keywords of two schemas that both apply. */
export function mergeSchemas(first: Keywords, second: Keywords): Keywords {
  const merged: Record<string, unknown> = { ...first };
  for (const [keyword, value] of Object.entries(second)) {
    merged[keyword] = keyword in merged ? combine(keyword, merged[keyword], value) : value;
  }
  return merged;
}

function combine(keyword: string, first: unknown, second: unknown): unknown {
  switch (keyword) {
    case 'properties':
    case 'patternProperties':
      return combineProperties(first, second);
    case 'required':
      return [...new Set([...toList(first), ...toList(second)])];
    case 'enum':
      return toList(first).filter((value) =>
        toList(second).some((other) => isDeepStrictEqual(value, other)),
      );
    case 'type':
      return combineTypes(toList(first), toList(second));
    case 'allOf':
      return [...toList(first), ...toList(second)];
    case 'anyOf':
    case 'oneOf':
      return first;
    case 'items':
    case 'additionalProperties':
      return { allOf: [first, second] };
    default:
      if (typeof first !== 'number' || typeof second !== 'number') return second;
      if (/^(?:min|exclusiveMin)/.test(keyword)) return Math.max(first, second);
      if (/^(?:max|exclusiveMax)/.test(keyword)) return Math.min(first, second);
      return second;
  }
}

function combineProperties(first: unknown, second: unknown): unknown {
  if (!isRecord(first) || !isRecord(second)) return second;
  const combined = new Map(Object.entries(first));
  for (const [name, schema] of Object.entries(second)) {
    combined.set(name, combined.has(name) ? { allOf: [combined.get(name), schema] } : schema);
  }
  return Object.fromEntries(combined);
}

function combineTypes(first: readonly unknown[], second: readonly unknown[]): unknown[] {
  return first.flatMap((type) => {
    if (second.includes(type)) return [type];
    if (type === 'number' && second.includes('integer')) return ['integer'];
    return type === 'integer' && second.includes('number') ? ['integer'] : [];
  });
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
