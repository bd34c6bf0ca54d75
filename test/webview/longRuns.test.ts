import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLongRuns, splitLongRuns } from '../../webview/longRuns/longRuns.ts';

const run = 'ab+/'.repeat(1_000);

test('Long runs are separated from the text around them.', () => {
  expect(splitLongRuns(`before ${run}\nafter`)).toEqual([
    { text: 'before ', isLongRun: false },
    { text: run, isLongRun: true },
    { text: '\nafter', isLongRun: false },
  ]);
  expect(splitLongRuns('')).toEqual([{ text: '', isLongRun: false }]);
});

test.each([
  ['a signed URL', `https://example.com/?signature=${'a'.repeat(1_900)}`],
  ['words', 'word '.repeat(1_000)],
  ['Chinese', '没有空格的中文文本。'.repeat(500)],
  ['Japanese', 'スペースのない日本語、'.repeat(500)],
  ['Thai', 'ภาษาไทยไม่มีช่องว่าง'.repeat(500)],
  ['emoji', '😀'.repeat(3_000)],
])('%s is not a long run.', (_, text) => {
  expect(splitLongRuns(text).filter(({ isLongRun }) => isLongRun)).toEqual([]);
});

test('The parts of a text add up to the text.', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 });
  const piece = fc.tuple(word, fc.constantFrom(1, 700, 3_000)).map(([one, n]) => one.repeat(n));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const text = pieces.join(' ');
      const parts = splitLongRuns(text).map((part) => part.text);
      expect(parts.join('')).toBe(text);
    }),
  );
});

test('Screen readers get the size of a long run.', () => {
  expect(describeLongRuns(`It is ${run}.`)).toBe('It is (4 kB of text)');
});
