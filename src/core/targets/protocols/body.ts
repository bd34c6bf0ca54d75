/** What a server says beside its answers is never longer, in bytes. */
const LONGEST = 10_000_000;

/** How many bytes of an answer are enough to know a refusal. */
const START = 10_000;

type Body = AsyncIterable<Uint8Array>;

/** A body as text; of one that does not end it throws. */
export async function readBody(body: Body): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const bytes of body) {
    length += bytes.length;
    if (length > LONGEST) {
      throw new Error(`The server's answer is longer than ${LONGEST / 1_000_000} MB.`);
    }
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

/** The beginning of a body, and the body itself, still to be read as a whole. */
export async function peekBody(body: Body): Promise<{ readonly start: string; body: Body }> {
  const iterator = body[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < START) {
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
