import { isDeepStrictEqual } from 'node:util';
import { isRecord, toBound } from './jsonValue.ts';
import { matchesFormat } from './formats.ts';
import { resolveReference, type SchemaRoot } from './references.ts';

/** The depth at which a check stops. A recursive schema accepts deeper values. */
const MAX_DEPTH = 32;

/** True if a value satisfies a JSON schema. Unknown keywords are ignored. */
export function accepts(schema: unknown, value: unknown, root: SchemaRoot, depth = 0): boolean {
  if (typeof schema === 'boolean') return schema;
  if (!isRecord(schema) || depth > MAX_DEPTH) return true;
  const check = (each: unknown, part: unknown = value) => accepts(each, part, root, depth + 1);
  const { $ref, allOf, anyOf, oneOf, not } = schema;
  if (typeof $ref === 'string' && !check(resolveReference($ref, root))) return false;
  if (Array.isArray(allOf) && !allOf.every((each) => check(each))) return false;
  if (Array.isArray(anyOf) && !anyOf.some((each) => check(each))) return false;
  if (Array.isArray(oneOf) && oneOf.filter((each) => check(each)).length !== 1) return false;
  if (not !== undefined && check(not)) return false;
  if (schema['if'] !== undefined) {
    const branch = check(schema['if']) ? schema['then'] : schema['else'];
    if (branch !== undefined && !check(branch)) return false;
  }
  if ('const' in schema && !isDeepStrictEqual(schema['const'], value)) return false;
  if (
    Array.isArray(schema['enum']) &&
    !schema['enum'].some((each) => isDeepStrictEqual(each, value))
  ) {
    return false;
  }
  if (!hasType(schema, value)) return false;
  if (typeof value === 'string') return acceptsString(schema, value);
  if (typeof value === 'number') return acceptsNumber(schema, value);
  if (Array.isArray(value)) return acceptsArray(schema, value, check);
  if (isRecord(value)) return acceptsObject(schema, value, check);
  return true;
}

type Check = (schema: unknown, part: unknown) => boolean;

function hasType({ type, nullable }: Record<string, unknown>, value: unknown): boolean {
  if (type === undefined || (nullable === true && value === null)) return true;
  const types = Array.isArray(type) ? type : [type];
  return types.some((each) => {
    switch (each) {
      case 'integer':
        return Number.isInteger(value);
      case 'array':
        return Array.isArray(value);
      case 'object':
        return isRecord(value);
      case 'null':
        return value === null;
      default:
        return typeof value === each;
    }
  });
}

function acceptsString(schema: Record<string, unknown>, value: string): boolean {
  const { minLength, maxLength, pattern, format } = schema;
  const length = Array.from(value).length;
  if (length < toBound(minLength, 0) || length > toBound(maxLength, Infinity)) return false;
  if (typeof pattern === 'string' && !matchesPattern(pattern, value)) return false;
  return typeof format !== 'string' || matchesFormat(format, value);
}

/** Also true for a pattern that is not a JavaScript regular expression. */
function matchesPattern(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function acceptsNumber(schema: Record<string, unknown>, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === 'number' && value < minimum) return false;
  if (typeof maximum === 'number' && value > maximum) return false;
  // In draft 4, exclusive bounds are booleans.
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return false;
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) return false;
  if (exclusiveMinimum === true && value === minimum) return false;
  if (exclusiveMaximum === true && value === maximum) return false;
  return typeof multipleOf !== 'number' || Number.isInteger(value / multipleOf);
}

function acceptsArray(
  schema: Record<string, unknown>,
  value: readonly unknown[],
  check: Check,
): boolean {
  const { minItems, maxItems, uniqueItems, prefixItems, items, contains } = schema;
  const { length } = value;
  if (length < toBound(minItems, 0) || length > toBound(maxItems, Infinity)) return false;
  if (
    uniqueItems === true &&
    value.some((item, index) => value.slice(0, index).some((each) => isDeepStrictEqual(each, item)))
  ) {
    return false;
  }
  const prefix = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  const rest = Array.isArray(items) ? schema['additionalItems'] : items;
  if (contains !== undefined && !value.some((item) => check(contains, item))) return false;
  return value.every((item, index) => {
    const each: unknown = index < prefix.length ? prefix[index] : rest;
    return each === undefined || check(each, item);
  });
}

function acceptsObject(
  schema: Record<string, unknown>,
  value: Record<string, unknown>,
  check: Check,
): boolean {
  const { minProperties, maxProperties, required, properties } = schema;
  const { additionalProperties, propertyNames, patternProperties, dependentRequired } = schema;
  const keys = Object.keys(value);
  const { length } = keys;
  if (length < toBound(minProperties, 0) || length > toBound(maxProperties, Infinity)) return false;
  const has = (key: unknown) => Object.hasOwn(value, String(key));
  if (Array.isArray(required) && !required.every(has)) return false;
  if (isRecord(dependentRequired)) {
    for (const [key, others] of Object.entries(dependentRequired)) {
      if (has(key) && Array.isArray(others) && !others.every(has)) return false;
    }
  }
  const declared = isRecord(properties) ? properties : {};
  const patterns = isRecord(patternProperties) ? Object.entries(patternProperties) : [];
  return keys.every((key) => {
    if (propertyNames !== undefined && !check(propertyNames, key)) return false;
    const schemas = patterns.filter(([each]) => matchesPattern(each, key)).map(([, each]) => each);
    if (Object.hasOwn(declared, key)) schemas.push(declared[key]);
    if (schemas.length === 0 && additionalProperties !== undefined) {
      schemas.push(additionalProperties);
    }
    return schemas.every((each) => check(each, value[key]));
  });
}
