import { copyPrefix } from './copyPrefix.ts';

/** How much is remembered of a text: two that begin alike for so long are the same. */
const REMEMBERED = 10_000;

/** A text that is told in pieces and sometimes whole; however long it grows, little of it is kept. */
export interface StreamedText {
  /** How many characters have been told. */
  length(): number;
  /** A piece of it more. */
  append(piece: string): void;
  /** What a text says beyond it; null where it is not the same text, or says less. */
  remainder(whole: string): string | null;
}

/** Begins with what is told at once. */
export function createStreamedText(first = ''): StreamedText {
  let start = copyPrefix(first, REMEMBERED);
  let length = first.length;

  return {
    length: () => length,
    append(piece) {
      if (start.length < REMEMBERED) start += copyPrefix(piece, REMEMBERED - start.length);
      length += piece.length;
    },
    remainder: (whole) =>
      whole.length >= length && whole.startsWith(start) ? whole.slice(length) : null,
  };
}
