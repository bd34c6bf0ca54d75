import * as z from 'zod';

/** A string of a form. `expected` completes "Use …" in messages. */
export function text(form: RegExp, expected: string) {
  return z.string(expected).regex(form, expected);
}

/** The names of runtimes, endpoints and memories. */
export const resourceName = text(
  /^[A-Za-z][A-Za-z0-9_]{0,47}$/,
  'a name that starts with a letter and has up to 47 more letters, digits or _',
);

export const tags = z.record(z.string(), z.string());
