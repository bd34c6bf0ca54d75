/** One line of a file, and which one it is, from 1. */
export interface ImportLine {
  readonly number: number;
  readonly text: string;
}

/** Why lines cannot be taken in: which one, what is wrong with it and what to do. */
export class ImportError extends Error {}

/** What is wrong with one of them. */
export function lineError(number: number, why: string, cause?: unknown): ImportError {
  return new ImportError(`line ${number}: ${why}`, { cause });
}

/** More than the largest event, with every letter of it escaped; a file without lines ends here. */
const LONGEST_LINE_BYTES = 64_000_000;

const NEWLINE = 0x0a;

/** The lines of what is read piece by piece; those that are empty are left out. */
export async function* splitLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImportLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun: Uint8Array[] = [];
  let length = 0;
  let number = 0;

  function finish(last: Uint8Array): ImportLine {
    number += 1;
    const bytes = begun.length === 0 ? last : Buffer.concat([...begun, last]);
    begun = [];
    length = 0;
    try {
      // A byte order mark, which some editors write, is left out by the decoder.
      return { number, text: decoder.decode(bytes).trim() };
    } catch (cause) {
      throw lineError(number, 'is no UTF-8; save the file as UTF-8', cause);
    }
  }

  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = finish(chunk.subarray(from, end));
      from = end + 1;
      if (line.text !== '') yield line;
    }
    begun.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LONGEST_LINE_BYTES) {
      throw lineError(
        number + 1,
        `has more than ${LONGEST_LINE_BYTES} bytes; each line is one record as JSON`,
      );
    }
  }
  const line = finish(new Uint8Array());
  if (line.text !== '') yield line;
}
