import { expect, test } from 'vitest';
import { formatClockOffset } from '../../src/shared/clockOffset.ts';

test.for([
  [0, null],
  [0.4, null],
  [1, '1 s'],
  [75, '1 m 15 s'],
  [3600, '1 h'],
  [8100.9, '2 h 15 m'],
  [8099.2, '2 h 15 m'],
  [3599.99, '1 h'],
  [86_399, '1 d'],
  [3602, '1 h'],
  [86_400 * 14 + 7200, '14 d 2 h'],
] as const)('an offset of %d seconds is shown as %s', ([seconds, shown]) => {
  expect(formatClockOffset(seconds)).toBe(shown);
});
