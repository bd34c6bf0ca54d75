import { expect, test } from 'vitest';
import { peekBody, readBody } from '../../../src/core/targets/protocols/body.ts';

async function* pieces(count: number, piece: Uint8Array, onRead: (count: number) => void) {
  for (let index = 1; index <= count; index += 1) {
    onRead(index);
    yield piece;
  }
}

test('an endless body is rejected at the limit', async () => {
  let read = 0;
  const body = pieces(Infinity, Buffer.alloc(1_000_000, 'x'), (count) => (read = count));
  await expect(readBody(body)).rejects.toThrow('longer than 10 MB');
  expect(read).toBe(11);
});

test('a peeked body is complete, and only its start was read', async () => {
  let read = 0;
  const body = pieces(5, Buffer.alloc(6_000, 'x'), (count) => (read = count));
  const peeked = await peekBody(body);
  expect(peeked.start).toBe('x'.repeat(12_000));
  expect(read).toBe(2);
  expect(await readBody(peeked.body)).toBe('x'.repeat(30_000));
  const short = await peekBody(pieces(1, Buffer.from('ü'), () => {}));
  expect([short.start, await readBody(short.body)]).toEqual(['ü', 'ü']);
});
