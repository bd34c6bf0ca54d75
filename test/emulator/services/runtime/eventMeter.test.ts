import { expect, test } from 'vitest';
import { createEventMeter } from '../../../../emulator/services/runtime/eventMeter.ts';

/** True if these chunks contain an event of more than ten bytes. */
function exceeds(...pieces: string[]): boolean {
  let exceeded = false;
  const measure = createEventMeter(10, () => (exceeded = true));
  for (const piece of pieces) measure(Buffer.from(piece));
  return exceeded;
}

test.for([
  ['short events', false, ['12345678\n\n', '12345678\n\n']],
  ['several events in one chunk', false, ['1234\n\n'.repeat(9)]],
  ['a long event in one chunk', true, ['12345678901']],
  ['a long event in several chunks', true, ['12345', '67890', '1']],
  ['a separator in two chunks', false, ['12345678\n', '\n12345678']],
  ['a CRLF separator in four chunks', false, ['1234567\r', '\n', '\r', '\n1234567']],
  ['a CR separator', false, ['12345678\r', '\r12345678']],
  ['lines without an empty line', true, ['1234\n5678\n90']],
  ['short events byte by byte', false, '123456\n\n'.repeat(5).split('')],
  ['a long event byte by byte', true, '123456\n\n12345678901'.split('')],
  ['a long event after a separator', true, ['1\n\n2345678', '9012']],
] as const)('For %s the limit is exceeded: %s.', ([, expected, pieces]) => {
  expect(exceeds(...pieces)).toBe(expected);
});
