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

/** A number that may have a fraction, or a usage error that names option, value and mend. */
export function amount(
  option: string,
  value: string | undefined,
  { min }: { min: number },
): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value) && Number(value) >= min) return Number(value);
  throw new UsageError(`--${option} takes a number from ${min}, such as 1.5, not '${value}'`);
}

const POWERS = { b: 0, k: 1, m: 2, g: 3 };
const LEAST_MEGABYTES = 6;

/** A size of memory as docker writes it, in megabytes; or a usage error that names the mend. */
export function megabytes(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?)([bkmg])?$/.exec(value.toLowerCase()) ?? [];
  const size = Number(number) * 1024 ** (POWERS[unit as keyof typeof POWERS] - 2);
  // Engines refuse less than this, in words that name no option of ours.
  if (size >= LEAST_MEGABYTES) return size;
  throw new UsageError(
    `--${option} takes a size from ${LEAST_MEGABYTES}m, such as 512m or 8g, not '${value}'`,
  );
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
