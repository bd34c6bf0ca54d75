/** A line of a file with its number, from 1. */
export interface ImportLine {
  readonly number: number;
  readonly text: string;
}

/** An import that failed because of a line. The message names the line, the problem and the fix. */
export class ImportError extends Error {}

/** Creates the error of a line. */
export function lineError(number: number, reason: string, cause?: unknown): ImportError {
  return new ImportError(`line ${number}: ${reason}`, { cause });
}

/** More than the largest event with every character escaped. Bounds the memory for a file without line breaks. */
const MAX_LINE_BYTES = 64_000_000;

const NEWLINE = 0x0a;

/** Splits chunks into lines. Skips empty lines. */
export async function* splitLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImportLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let partial: Uint8Array[] = [];
  let length = 0;
  let number = 0;

  function finish(last: Uint8Array): ImportLine {
    number += 1;
    const bytes = partial.length === 0 ? last : Buffer.concat([...partial, last]);
    partial = [];
    length = 0;
    try {
      // The decoder removes a byte order mark, which some editors write.
      return { number, text: decoder.decode(bytes).trim() };
    } catch (cause) {
      throw lineError(number, 'not valid UTF-8. Save the file as UTF-8.', cause);
    }
  }

  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = finish(chunk.subarray(from, end));
      from = end + 1;
      if (line.text !== '') yield line;
    }
    partial.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > MAX_LINE_BYTES) {
      throw lineError(
        number + 1,
        `more than ${MAX_LINE_BYTES} bytes. Each line must be one JSON object.`,
      );
    }
  }
  const line = finish(new Uint8Array());
  if (line.text !== '') yield line;
}
