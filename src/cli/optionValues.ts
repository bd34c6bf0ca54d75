import { TOKEN_CHARACTERS, TOKEN_FORM } from '../shared/emulator.ts';

/** A kind of option value. */
export interface ValueType<Value> {
  /** Completes the sentence "--name expects …". */
  readonly expected: string;
  /** Errors must not show the value. */
  readonly isSecret?: boolean;
  /** Returns undefined if the text is not such a value. */
  parse(text: string): Value | undefined;
}

/** Any text. */
export const text: ValueType<string> = { expected: 'a value', parse: (written) => written };

/** A token, which becomes a part of URLs. */
export const token: ValueType<string> = {
  expected: TOKEN_CHARACTERS,
  isSecret: true,
  parse: (written) => (TOKEN_FORM.test(written) ? written : undefined),
};

/** A URL, without slashes at its end. */
export const url: ValueType<string> = {
  expected: 'a URL, such as http://127.0.0.1:9310',
  parse: (written) => (URL.canParse(written) ? written.replace(/\/+$/, '') : undefined),
};

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): ValueType<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse(written) {
      const number = Number(written);
      return /^\d+$/.test(written) && number >= min && number <= max ? number : undefined;
    },
  };
}

/** A number that may have a fraction. */
export function decimal(min: number): ValueType<number> {
  return {
    expected: `a number from ${min}, such as 1.5`,
    parse: (written) =>
      /^\d+(?:\.\d+)?$/.test(written) && Number(written) >= min ? Number(written) : undefined,
  };
}

/** One of a few words. */
export function choice<const Word extends string>(...words: readonly Word[]): ValueType<Word> {
  return {
    expected: words.join(' or '),
    parse: (written) => words.find((word) => word === written),
  };
}

const POWERS: Readonly<Record<string, number>> = { b: 0, k: 1, m: 2, g: 3 };
const MINIMUM_MEGABYTES = 6;

/** A memory size in Docker's notation, in megabytes. */
export const memorySize: ValueType<number> = {
  expected: `a size from ${MINIMUM_MEGABYTES}m, such as 512m or 8g`,
  parse(written) {
    const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?)([bkmg])?$/.exec(written.toLowerCase()) ?? [];
    const size = Number(number) * 1024 ** (POWERS[unit]! - 2);
    // Engines refuse smaller sizes with an error that names no option of this command.
    return size >= MINIMUM_MEGABYTES ? size : undefined;
  },
};
