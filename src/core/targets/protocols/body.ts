/** Longest body of a negotiation, in bytes. */
const MAX_BYTES = 10_000_000;

/** Number of bytes that are enough to recognize a rejection. */
const PEEK_BYTES = 10_000;

type Body = AsyncIterable<Uint8Array>;

/** Reads a body as text; throws if it is too long. */
export async function readBody(body: Body): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const bytes of body) {
    length += bytes.length;
    if (length > MAX_BYTES) {
      throw new Error(`The server's response is longer than ${MAX_BYTES / 1_000_000} MB.`);
    }
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

/** Reads the start of a body; the body that is returned still starts there. */
export async function peekBody(body: Body): Promise<{ readonly start: string; body: Body }> {
  const iterator = body[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < PEEK_BYTES) {
    const { done, value } = await iterator.next();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* pieces;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { start: Buffer.concat(pieces).toString(), body: whole() };
}
