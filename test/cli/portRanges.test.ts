import { expect, test } from 'vitest';
import { portRanges } from '../../src/cli/portRanges.ts';

test('ports and ranges are read', () => {
  expect(portRanges.parse('8000-8010,9000')).toEqual([
    { from: 8000, to: 8010 },
    { from: 9000, to: 9000 },
  ]);
});

test.each([
  ['a port below the limit', '7999'],
  ['a port above the limit', '12001'],
  ['the reserved port', '8443'],
  ['a range with the reserved port', '8000-9000'],
  ['a range that is reversed', '9001-9000'],
  ['six ranges', '9000,9001,9002,9003,9004,9005'],
  ['other text', '9000;9001'],
  ['an empty part', '9000,'],
])('%s is refused', (_, text) => {
  expect(portRanges.parse(text)).toBeUndefined();
});
