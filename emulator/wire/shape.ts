import type { NormalizedSchema } from '@smithy/core/schema';
import { findConstraints, type Constraint } from './constraints.ts';
import type { Fault } from './errors.ts';
import { ExactNumber } from './json.ts';
import type { Plane } from './operations.ts';

/** Converts JSON to the SDK's types and collects violated constraints. */
export interface ShapeReader {
  read(
    schema: NormalizedSchema,
    constraint: Constraint | undefined,
    value: unknown,
    path: string,
  ): unknown;
  /** Reads the members of a structure from a source. A missing required member is a fault. */
  readMembers(
    schema: NormalizedSchema,
    source: (member: string, schema: NormalizedSchema) => unknown,
    prefix: string,
  ): Record<string, unknown>;
}

// Schemas write "seconds since the epoch" as 7 or leave it to the protocol (4), and ISO-8601 as 5.
const ISO_TIMESTAMP = 5;

/** The index of the number of required members, which come first in the SDK's schema. */
const REQUIRED_COUNT = 6;

/** Creates a reader for one request. Violations are added to `faults`. */
export function createShapeReader(plane: Plane, faults: Fault[]): ShapeReader {
  // Everything within a sensitive value is sensitive, too.
  let withinSensitive = false;

  function violated(schema: NormalizedSchema, path: string, value: unknown, demand: string): void {
    // Like the service, never quotes a value that is sensitive or contains a sensitive one.
    const isSecret =
      withinSensitive || isSensitive(schema) || (value !== null && holdsSensitive(schema));
    const shown = isSecret ? 'Value' : `Value ${quote(value)}`;
    faults.push({ path, message: `${shown} at '${path}' failed to satisfy constraint: ${demand}` });
  }

  function wrongType(schema: NormalizedSchema, path: string, value: unknown, type: string): void {
    violated(schema, path, value, `Member must be ${type}`);
  }

  function checkSize(
    schema: NormalizedSchema,
    path: string,
    value: unknown,
    size: number,
    measure: 'length' | 'value',
    { min, max }: Constraint,
  ): boolean {
    if (min !== undefined && size < min) {
      violated(schema, path, value, `Member must have ${measure} greater than or equal to ${min}`);
      return false;
    }
    if (max !== undefined && size > max) {
      violated(schema, path, value, `Member must have ${measure} less than or equal to ${max}`);
      return false;
    }
    return true;
  }

  function checkString(
    schema: NormalizedSchema,
    path: string,
    value: string,
    constraint: Constraint,
  ): void {
    // Patterns are not checked for a wrong length, so that they never run on huge strings.
    if (!checkSize(schema, path, value, lengthOf(value), 'length', constraint)) return;
    if (constraint.enum && !constraint.enum.includes(value)) {
      const values = constraint.enum.join(', ');
      violated(schema, path, value, `Member must satisfy enum value set: [${values}]`);
    }
    if (constraint.pattern !== undefined && !matches(constraint.pattern, value)) {
      const demand = `Member must satisfy regular expression pattern: ${constraint.pattern}`;
      violated(schema, path, value, demand);
    }
  }

  function read(
    schema: NormalizedSchema,
    constraint: Constraint | undefined,
    value: unknown,
    path: string,
  ): unknown {
    const outside = withinSensitive;
    withinSensitive ||= isSensitive(schema);
    const result = readValue(schema, constraint, value, path);
    withinSensitive = outside;
    return result;
  }

  function readValue(
    schema: NormalizedSchema,
    constraint: Constraint = {},
    exact: unknown,
    path: string,
  ): unknown {
    if (schema.isDocumentSchema()) return exact;
    // Only documents need exact numbers.
    const value = exact instanceof ExactNumber ? Number(exact.string) : exact;
    if (schema.isStringSchema()) {
      if (typeof value !== 'string') return wrongType(schema, path, value, 'a string');
      checkString(schema, path, value, constraint);
      return value;
    }
    if (schema.isBooleanSchema()) {
      if (typeof value !== 'boolean') return wrongType(schema, path, value, 'a boolean');
      return value;
    }
    if (schema.isNumericSchema()) {
      if (typeof value !== 'number') return wrongType(schema, path, value, 'a number');
      if (constraint.integer && !Number.isInteger(value)) {
        return wrongType(schema, path, value, 'an integer');
      }
      checkSize(schema, path, value, value, 'value', constraint);
      return value;
    }
    if (schema.isTimestampSchema()) {
      const iso = schema.getSchema() === ISO_TIMESTAMP;
      const time = iso
        ? typeof value === 'string' && ISO_8601.test(value) && new Date(value)
        : typeof value === 'number' && new Date(Math.round(value * 1000));
      if (time && !Number.isNaN(time.getTime())) return time;
      return wrongType(schema, path, value, iso ? 'an ISO-8601 timestamp' : 'seconds since 1970');
    }
    if (schema.isBlobSchema()) {
      if (typeof value !== 'string' || !BASE64.test(value)) {
        return wrongType(schema, path, value, 'a base64 string');
      }
      const bytes = Buffer.from(value, 'base64');
      checkSize(schema, path, value, bytes.length, 'length', constraint);
      return bytes;
    }
    if (schema.isListSchema()) {
      if (!Array.isArray(value)) return wrongType(schema, path, value, 'a list');
      checkSize(schema, path, value, value.length, 'length', constraint);
      const each = schema.getValueSchema();
      return value.map((item, index) =>
        read(each, constraint.each, item, `${path}.${index + 1}.member`),
      );
    }
    if (!isObject(value)) return wrongType(schema, path, value, 'an object');
    if (schema.isMapSchema()) {
      const entries = Object.entries(value);
      checkSize(schema, path, value, entries.length, 'length', constraint);
      const [keySchema, valueSchema] = [schema.getKeySchema(), schema.getValueSchema()];
      return Object.fromEntries(
        entries.map(([key, item]) => {
          read(keySchema, constraint.key, key, `${path}.key`);
          return [key, read(valueSchema, constraint.each, item, `${path}.${key}`)];
        }),
      );
    }
    if (schema.isUnionSchema()) {
      const members = schema.getMemberSchemas();
      const set = Object.keys(value).filter(
        (key) => Object.hasOwn(members, key) && value[key] != null,
      );
      if (set.length !== 1) {
        return wrongType(schema, path, value, `one of ${Object.keys(members).join(', ')}`);
      }
    }
    return readMembers(schema, (member) => value[member], `${path}.`);
  }

  function readMembers(
    schema: NormalizedSchema,
    source: (member: string, schema: NormalizedSchema) => unknown,
    prefix: string,
  ): Record<string, unknown> {
    const constraints = findConstraints(plane, schema.getName() ?? '');
    const required = requiredCount(schema);
    const members: Record<string, unknown> = {};
    let index = 0;
    for (const [name, member] of schema.structIterator()) {
      const value = source(name, member);
      const path = prefix + name;
      if (value != null) members[name] = read(member, constraints[name], value, path);
      else if (index < required) violated(member, path, null, 'Member must not be null');
      index += 1;
    }
    return members;
  }

  return { read, readMembers };
}

function isSensitive(schema: NormalizedSchema): boolean {
  return Boolean(schema.getMergedTraits().sensitive);
}

function holdsSensitive(schema: NormalizedSchema, seen = new Set<unknown>()): boolean {
  if (isSensitive(schema)) return true;
  if (schema.isListSchema() || schema.isMapSchema()) {
    return holdsSensitive(schema.getValueSchema(), seen);
  }
  if (!schema.isStructSchema() || seen.has(schema.getSchema())) return false;
  seen.add(schema.getSchema());
  return Object.values(schema.getMemberSchemas()).some((member) => holdsSensitive(member, seen));
}

// Date.parse also accepts "May 5", and treats a time without a zone as local.
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function requiredCount(schema: NormalizedSchema): number {
  const definition: unknown = schema.getSchema();
  const count: unknown = Array.isArray(definition) ? definition[REQUIRED_COUNT] : 0;
  return typeof count === 'number' ? count : 0;
}

// AWS counts code points; JavaScript counts a code point above U+FFFF as two.
function lengthOf(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) >> 10 === 0b110110) length -= 1;
  }
  return length;
}

const patterns = new Map<string, RegExp>();

function matches(pattern: string, value: string): boolean {
  let expression = patterns.get(pattern);
  if (!expression) patterns.set(pattern, (expression = new RegExp(`^(?:${pattern})$`, 'u')));
  return expression.test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function quote(value: unknown): string {
  if (value === null) return 'null';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.length > 300 ? `${text.slice(0, 300)}…` : text}'`;
}
