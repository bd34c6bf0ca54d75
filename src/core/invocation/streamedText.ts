import { copyPrefix } from './copyPrefix.ts';

/** Characters that identify a text: two texts with the same start are assumed to be the same. */
const PREFIX_LENGTH = 10_000;

/** A text that is sent in pieces and sometimes whole. Only its start is kept. */
export interface StreamedText {
  /** Number of characters so far. */
  length(): number;
  /** Adds the next piece. */
  append(piece: string): void;
  /** Returns the part of `whole` after this text; null if `whole` does not continue it. */
  remainder(whole: string): string | null;
}

/** Creates a text from its first piece. */
export function createStreamedText(first = ''): StreamedText {
  let start = copyPrefix(first, PREFIX_LENGTH);
  let length = first.length;

  return {
    length: () => length,
    append(piece) {
      if (start.length < PREFIX_LENGTH) start += copyPrefix(piece, PREFIX_LENGTH - start.length);
      length += piece.length;
    },
    remainder: (whole) =>
      whole.length >= length && whole.startsWith(start) ? whole.slice(length) : null,
  };
}
