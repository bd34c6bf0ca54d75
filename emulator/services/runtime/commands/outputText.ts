/** The longest piece of output that AWS sends at once. */
const MAX_PIECE_BYTES = 64 * 1024;

/** Makes text of one stream's bytes as they come. */
export interface OutputText {
  /** What is whole of it by now, in pieces of a length that AWS sends. */
  add(bytes: Uint8Array): string[];
  /** What was left over: half a character, if anything. */
  end(): string[];
}

/** A character that is cut in two is kept until the rest of it comes. */
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
  const found: string[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + MAX_PIECE_BYTES, bytes.length);
    while (end < bytes.length && isWithinCharacter(bytes[end]!)) end -= 1;
    found.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return found;
}

function isWithinCharacter(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
