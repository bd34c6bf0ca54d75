/** A mistake in the command line itself: one clear line and exit code 2. */
export class UsageError extends Error {}

/** A whole number within bounds, or a usage error that names option, value and mend. */
export function wholeNumber(
  option: string,
  value: string | undefined,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw new UsageError(`--${option} takes a whole number from ${min} to ${max}, not '${value}'`);
}

/** One of a few words, or a usage error that lists them. */
export function oneOf<const Word extends string>(
  option: string,
  value: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw new UsageError(`--${option} takes ${words.join(' or ')}, not '${value}'`);
}
