import type { Member, Schema } from '../../src/shared/awsModel/schema.ts';
import type { Fault } from './errors.ts';
import { ExactNumber } from './json.ts';
import { isPatternLoosened } from './loosenings.ts';

/** Converts JSON to the SDK's types. Collects violated constraints and unknown members. */
export interface ShapeReader {
  read(schema: Schema, value: unknown, path: string): unknown;
  /** Reads the members of a structure from a source. A missing required member is a fault. */
  readMembers(
    schema: Schema,
    source: (member: Member) => unknown,
    prefix: string,
  ): Record<string, unknown>;
  /** Records the members of a JSON object that its structure or union does not have. */
  noteUnknown(schema: Schema, value: Readonly<Record<string, unknown>>, prefix: string): void;
}

/** Creates a reader for one request. Violations are added to `faults`, unknown paths to `unknown`. */
export function createShapeReader(faults: Fault[], unknown: string[] = []): ShapeReader {
  // Everything within a sensitive value is sensitive, too.
  let withinSensitive = false;

  function violated(schema: Schema, path: string, value: unknown, demand: string): void {
    // Like the service, never quotes a value that is sensitive or contains a sensitive one.
    const isSecret =
      withinSensitive || schema.isSensitive || (value !== null && holdsSensitive(schema));
    // Nor does it quote a list of a wrong length.
    const isList = schema.type === 'list' && Array.isArray(value);
    const shown = isSecret || isList ? 'Value' : `Value ${quote(value)}`;
    faults.push({ path, message: `${shown} at '${path}' failed to satisfy constraint: ${demand}` });
  }

  function wrongType(schema: Schema, path: string, value: unknown, type: string): void {
    violated(schema, path, value, `Member must be ${type}`);
  }

  function checkSize(
    schema: Schema,
    path: string,
    value: unknown,
    size: number,
    measure: 'length' | 'value' = 'length',
  ): boolean {
    const { min, max } = schema;
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

  function checkString(schema: Schema, path: string, value: string): void {
    // Patterns are not checked for a wrong length, so that they never run on huge strings.
    if (!checkSize(schema, path, value, lengthOf(value))) return;
    if (schema.enum && !schema.enum.includes(value)) {
      const values = schema.enum.join(', ');
      violated(schema, path, value, `Member must satisfy enum value set: [${values}]`);
    }
    const { pattern } = schema;
    if (pattern !== undefined && !matches(pattern, value) && !isPatternLoosened(schema.name)) {
      const demand = `Member must satisfy regular expression pattern: ${pattern}`;
      violated(schema, path, value, demand);
    }
  }

  function read(schema: Schema, value: unknown, path: string): unknown {
    const outside = withinSensitive;
    withinSensitive ||= schema.isSensitive;
    const result = readValue(schema, value, path);
    withinSensitive = outside;
    return result;
  }

  function readValue(schema: Schema, exact: unknown, path: string): unknown {
    if (schema.type === 'document') return exact;
    // Only documents need exact numbers.
    const value = exact instanceof ExactNumber ? Number(exact.text) : exact;
    switch (schema.type) {
      case 'string':
        if (typeof value !== 'string') return wrongType(schema, path, value, 'a string');
        checkString(schema, path, value);
        return value;
      case 'boolean':
        if (typeof value !== 'boolean') return wrongType(schema, path, value, 'a boolean');
        return value;
      case 'integer':
      case 'float':
        if (typeof value !== 'number') return wrongType(schema, path, value, 'a number');
        if (schema.type === 'integer' && !Number.isInteger(value)) {
          return wrongType(schema, path, value, 'an integer');
        }
        checkSize(schema, path, value, value, 'value');
        return value;
      case 'timestamp':
        return readTimestamp(schema, value, path);
      case 'blob': {
        if (typeof value !== 'string' || !BASE64.test(value)) {
          return wrongType(schema, path, value, 'a base64 string');
        }
        const bytes = Buffer.from(value, 'base64');
        checkSize(schema, path, value, bytes.length);
        return bytes;
      }
      case 'list': {
        if (!Array.isArray(value)) return wrongType(schema, path, value, 'a list');
        checkSize(schema, path, value, value.length);
        const { each } = schema;
        return value.map((item, index) => read(each, item, `${path}.${index + 1}.member`));
      }
      case 'map':
        if (!isObject(value)) return wrongType(schema, path, value, 'an object');
        return readMap(schema, value, path);
      case 'union':
        if (!isObject(value)) return wrongType(schema, path, value, 'an object');
        checkUnion(schema, value, path);
        return readStructure(schema, value, path);
      case 'structure':
        if (!isObject(value)) return wrongType(schema, path, value, 'an object');
        return readStructure(schema, value, path);
    }
  }

  function readTimestamp(schema: Schema, value: unknown, path: string): unknown {
    const { isIso } = schema;
    const time = isIso
      ? typeof value === 'string' && ISO_8601.test(value) && new Date(value)
      : typeof value === 'number' && new Date(Math.round(value * 1000));
    if (time && !Number.isNaN(time.getTime())) return time;
    return wrongType(schema, path, value, isIso ? 'an ISO-8601 timestamp' : 'seconds since 1970');
  }

  function readMap(
    schema: Schema,
    value: Readonly<Record<string, unknown>>,
    path: string,
  ): unknown {
    const entries = Object.entries(value);
    checkSize(schema, path, value, entries.length);
    const { key: keySchema, each } = schema;
    return Object.fromEntries(
      entries.map(([key, item]) => {
        read(keySchema, key, `${path}.key`);
        return [key, read(each, item, `${path}.${key}`)];
      }),
    );
  }

  function checkUnion(
    schema: Schema,
    value: Readonly<Record<string, unknown>>,
    path: string,
  ): void {
    const { members } = schema;
    const set = Object.keys(value).filter((key) => members.has(key) && value[key] != null);
    if (set.length !== 1) {
      wrongType(schema, path, value, `one of ${[...members.keys()].join(', ')}`);
    }
  }

  function readStructure(
    schema: Schema,
    value: Readonly<Record<string, unknown>>,
    path: string,
  ): Record<string, unknown> {
    const prefix = `${path}.`;
    noteUnknown(schema, value, prefix);
    return readMembers(schema, ({ wireName }) => value[wireName], prefix);
  }

  function readMembers(
    schema: Schema,
    source: (member: Member) => unknown,
    prefix: string,
  ): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    for (const member of schema.members.values()) {
      const { name } = member;
      const value = source(member);
      if (value != null) members[name] = read(member.schema, value, prefix + name);
      else if (member.isRequired) {
        violated(member.schema, prefix + name, null, 'Member must not be null');
      }
    }
    return members;
  }

  function noteUnknown(
    schema: Schema,
    value: Readonly<Record<string, unknown>>,
    prefix: string,
  ): void {
    for (const key of Object.keys(value)) {
      if (!schema.bodyNames.has(key)) unknown.push(prefix + key);
    }
  }

  return { read, readMembers, noteUnknown };
}

function holdsSensitive(schema: Schema, seen = new Set<Schema>()): boolean {
  if (schema.isSensitive) return true;
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.type === 'list' || schema.type === 'map') return holdsSensitive(schema.each, seen);
  return [...schema.members.values()].some((member) => holdsSensitive(member.schema, seen));
}

// Date.parse also accepts "May 5", and treats a time without a zone as local.
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

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
