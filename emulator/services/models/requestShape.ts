import * as z from 'zod';
import { ModelError } from './modelError.ts';

/** Parses a request. Throws an error that names the first invalid field, its value and the fix. */
export function parseRequest<Shape extends z.ZodType>(
  shape: Shape,
  body: unknown,
): z.output<Shape> {
  const result = shape.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidField(issue!.path, describe(issue!));
}

/** Creates an error about a field of the request. */
export function invalidField(path: readonly PropertyKey[], problem: string): ModelError {
  const field = path.join('.');
  return new ModelError('invalid', `${field}: ${problem}`, undefined, field);
}

/** Creates an error about a field whose value is valid, but not emulated. */
export function notEmulated(path: readonly PropertyKey[], problem: string): ModelError {
  const field = path.join('.');
  return new ModelError('notEmulated', `${field}: ${problem}`, undefined, field);
}

/** A list whose items have a `type`. A string stands for one text item of the given type. */
export function textOr<Item extends z.ZodType>(type: string, item: Item) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? [{ type, text: value }] : value),
    z.array(item),
  );
}

/** Bytes in base64. */
export const base64 = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text), { error: 'expected base64 data' })
  .transform((text): Uint8Array => Buffer.from(text, 'base64'));

export const jsonObject = z.record(z.string(), z.unknown());

/** A base64 data URL. */
const DATA_URL = /^data:([^;,]+)(?:;[^;,]+)*;base64,([A-Za-z0-9+/]+={0,2})$/;

/** Reads the file in a data URL; null for any other URL. */
export function readDataUrl(url: string): { mimeType: string; bytes: Uint8Array } | null {
  const [, mimeType, data] = DATA_URL.exec(url) ?? [];
  return mimeType && data ? { mimeType, bytes: Buffer.from(data, 'base64') } : null;
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return `required (${issue.expected}), but missing`;
  }
  if (issue.code === 'invalid_union' && 'options' in issue) {
    const { discriminator = '', options } = issue;
    const value = (issue.input as Readonly<Record<string, unknown>> | undefined)?.[discriminator];
    return `expected one of ${(options as string[]).join(', ')}, but got ${shorten(value)}`;
  }
  const expectation = issue.message.replace(
    /^(?:Invalid (?:input|option)|Too (?:small|big)): |, received .*$/g,
    '',
  );
  return `${expectation}, but got ${shorten(issue.input)}`;
}

const MAX_SHOWN = 80;

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
