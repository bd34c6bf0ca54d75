import { expect, test } from 'vitest';
import { createFrameCounter } from '../../../../emulator/services/runtime/frameCounter.ts';

/** A frame with a payload of the given length. Clients mask their frames. */
function frame(length: number, { masked = false } = {}): Buffer {
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extended + (masked ? 4 : 0));
  head[0] = 0x82;
  head[1] = (extended === 0 ? length : extended === 2 ? 126 : 127) | (masked ? 0x80 : 0);
  if (extended === 2) head.writeUInt16BE(length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(length, 'x')]);
}

function counter({ frames = Infinity, now = (): number => 0 } = {}) {
  return createFrameCounter({ frame: 65_536, frames, now });
}

const sizes = [0, 1, 125, 126, 65_535, 65_536];

test.for([1, 7, 1_000, 1_000_000])('Bytes in chunks of %i pass unchanged', (size) => {
  const sent = Buffer.concat(
    sizes.flatMap((length) => [frame(length), frame(length, { masked: true })]),
  );
  const { push, isBetweenFrames } = counter();
  const passed: Buffer[] = [];
  for (let at = 0; at < sent.length; at += size) {
    passed.push(push(sent.subarray(at, at + size)).pass);
  }
  expect(Buffer.concat(passed).equals(sent)).toBe(true);
  expect(isBetweenFrames()).toBe(true);
});

test.for([1, 5, 1_000_000])('A frame that is too long does not pass, in chunks of %i', (size) => {
  const sent = Buffer.concat([frame(3), frame(65_537, { masked: true })]);
  const { push, isBetweenFrames } = counter();
  let passed = 0;
  for (let at = 0; at < sent.length; at += size) {
    const { pass, violation } = push(sent.subarray(at, at + size));
    passed += pass.length;
    if (!violation) continue;
    expect(violation).toEqual({
      code: 1009,
      reason: "exceeded AgentCore's limit of 65536 bytes for a frame (65537 bytes)",
    });
    break;
  }
  expect(passed).toBe(frame(3).length);
  expect(isBetweenFrames()).toBe(true);
});

test('The frame limit applies to each second', () => {
  let now = 0;
  const { push } = counter({ frames: 3, now: () => now });
  const sendFrames = (frames: number) =>
    push(Buffer.concat(Array(frames).fill(frame(1)))).violation;
  expect(sendFrames(3)).toBeNull();
  now = 1_000;
  expect(sendFrames(2)).toBeNull();
  now = 1_999;
  expect(sendFrames(1)).toBeNull();
  expect(sendFrames(1)).toMatchObject({
    code: 1008,
    reason: "exceeded AgentCore's limit of 3 frames per second",
  });
});

test('The counter is not between frames in the middle of one', () => {
  const { push, isBetweenFrames } = counter();
  push(frame(10).subarray(0, 5));
  expect(isBetweenFrames()).toBe(false);
  push(frame(10).subarray(5));
  expect(isBetweenFrames()).toBe(true);
});
