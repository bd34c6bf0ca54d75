import { expect, test } from 'vitest';
import { formatSize } from '../../src/shared/formatSize.ts';

test.each([
  [999, '999 B'],
  [1_234, '1.2 kB'],
  [12_345, '12 kB'],
  [5_000_000, '5 MB'],
  [70_000_000, '70 MB'],
  [1_234_567_890, '1235 MB'],
])('%d bytes are %s', (bytes, words) => {
  expect(formatSize(bytes)).toBe(words);
});
