import { expect, test } from 'vitest';
import { createEventMeter } from '../../../../emulator/services/runtime/eventMeter.ts';

/** Whether these pieces hold an event of more than ten bytes. */
function exceeds(...pieces: string[]): boolean {
  let exceeded = false;
  const measure = createEventMeter(10, () => (exceeded = true));
  for (const piece of pieces) measure(Buffer.from(piece));
  return exceeded;
}

test.for([
  ['short ones', false, ['12345678\n\n', '12345678\n\n']],
  ['many in one piece', false, ['1234\n\n'.repeat(9)]],
  ['a long one in one piece', true, ['12345678901']],
  ['a long one in many', true, ['12345', '67890', '1']],
  ['an end in two pieces', false, ['12345678\n', '\n12345678']],
  ['an end of Windows in four', false, ['1234567\r', '\n', '\r', '\n1234567']],
  ['an end of old Macs', false, ['12345678\r', '\r12345678']],
  ['lines that are no end', true, ['1234\n5678\n90']],
  ['byte by byte', false, '123456\n\n'.repeat(5).split('')],
  ['long, byte by byte', true, '123456\n\n12345678901'.split('')],
  ['what begins behind an end', true, ['1\n\n2345678', '9012']],
] as const)('%s: %s', ([, expected, pieces]) => {
  expect(exceeds(...pieces)).toBe(expected);
});
