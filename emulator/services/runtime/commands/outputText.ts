/** AWS's maximum size of one piece of output. */
const MAX_PIECE_BYTES = 64 * 1024;

/** Decodes the bytes of one output stream. */
export interface OutputText {
  /** Returns the complete characters so far, in pieces of at most AWS's size. */
  add(bytes: Uint8Array): string[];
  /** Returns the rest at the end of the stream, such as an incomplete character. */
  end(): string[];
}

/** Creates a decoder that holds an incomplete character until its rest arrives. */
export function createOutputText(): OutputText {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    add: (bytes) => splitText(decoder.decode(bytes, { stream: true })),
    end: () => splitText(decoder.decode()),
  };
}

function splitText(text: string): string[] {
  if (text === '') return [];
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_PIECE_BYTES) return [text];
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + MAX_PIECE_BYTES, bytes.length);
    while (end < bytes.length && isWithinCharacter(bytes[end]!)) end -= 1;
    pieces.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return pieces;
}

function isWithinCharacter(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
