import * as z from 'zod';

/** A string of a form. `expected` completes "Use …" in messages. */
export function text(form: RegExp, expected: string) {
  return z.string(expected).regex(form, expected);
}

/** Text that is not empty. */
export const nonEmpty = z.string().min(1);

/**
 * An object whose members are all known. The message of the issue for unknown members is the list of
 * the known ones.
 */
export function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });
}

/** Rejects entries of a list that have the same key. */
export function rejectDuplicates<Entry>(field: string, readKey: (entry: Entry) => string) {
  return z.superRefine<Entry[]>((entries, check) => {
    const keys = entries.map(readKey);
    for (const [index, key] of keys.entries()) {
      const first = keys.indexOf(key);
      if (first === index) continue;
      const message = `is also the ${field} of entry ${first}. Use each ${field} once.`;
      check.addIssue({ code: 'custom', message, path: [index, field] });
    }
  });
}

/** The names of runtimes, endpoints, memories, evaluators and policies. */
export const resourceName = text(
  /^[A-Za-z][A-Za-z0-9_]{0,47}$/,
  'a name that starts with a letter and has up to 47 more letters, digits or _',
);

/** The ARN of a resource of an AWS service. */
export function arn(service: string, example: string) {
  return text(new RegExp(`^arn:[^:]+:${service}:`), `an ARN such as ${example}`);
}

/** The ARN of a key that encrypts a resource. */
export const keyArn = arn('kms', 'arn:aws:kms:us-east-1:123456789012:key/ID');

/** The ARN of a role that AWS assumes. */
export const roleArn = arn('iam', 'arn:aws:iam::123456789012:role/Name');

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;
const MAX_TAGS = 50;

/** Tags, within the limits of AWS. */
export const tags = z
  .record(
    text(
      /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u,
      'up to 128 characters, not starting with aws:',
    ),
    text(TAG_TEXT, 'letters, digits, spaces and _ . : / = + @ -').max(256, 'up to 256 characters'),
  )
  .refine(
    (entries) => Object.keys(entries).length <= MAX_TAGS,
    `has too many tags. Use at most ${MAX_TAGS}.`,
  );
