import type * as z from 'zod';
import type { JsonPath } from './jsonText.ts';

/** A field of agentcore.json that must change before the project can be used. */
export interface FieldProblem {
  readonly path: JsonPath;
  /** Names the field, its value and the fix. */
  readonly message: string;
}

/** The longest excerpt of a value in a message, in characters. */
const LONGEST_VALUE = 80;

/** Describes a field of a JSON value. The sentences follow the field's value. */
export function describeField(json: unknown, path: JsonPath, sentences: string): FieldProblem {
  const value = lookUp(json, path);
  const shown = value === undefined ? '' : `${excerpt(value)} `;
  return { path, message: `${formatPath(path)}: ${shown}${sentences}` };
}

/**
 * Describes what a schema of agentcore.json found. In these schemas, the message of a custom issue consists
 * of sentences that follow the value. Every other message completes "Use …".
 */
export function describeIssue(json: unknown, issue: z.core.$ZodIssue): FieldProblem {
  const { code, message, path } = issue;
  if (code === 'custom') {
    return issue.params?.['isSecret'] === true
      ? { path, message: `${formatPath(path)}: ${message}` }
      : describeField(json, path, message);
  }
  if (code === 'invalid_key') {
    return describeField(json, path, `has an invalid key. Use ${issue.issues[0]?.message}.`);
  }
  const isMissing = lookUp(json, path) === undefined;
  return describeField(
    json,
    path,
    isMissing ? `The value is missing. Use ${message}.` : `is not valid. Use ${message}.`,
  );
}

/** Describes the expected value of a field whose schema does not describe it. */
export function expectedValue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'text that is not empty' : 'at least one entry';
    case 'too_big':
      return `at most ${issue.maximum} entries`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return 'another value';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

/** Writes a path as JavaScript does: `runtimes[0].name`. */
export function formatPath(path: JsonPath): string {
  return path.length === 0
    ? 'the file'
    : path
        .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
        .join('')
        .replace(/^\./, '');
}

function lookUp(json: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key],
    json,
  );
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
