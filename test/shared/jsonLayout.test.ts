import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatJson } from '../../src/shared/formatJson.ts';

test('JSON is laid out as JSON.stringify does it, however it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, indent) => {
      const wanted = JSON.stringify(JSON.parse(JSON.stringify(value)), null, 2);
      const shown = formatJson(JSON.stringify(value, null, indent));
      // A short text may become as long as it likes.
      expect(shown).toBe(wanted);
    }),
  );
});

test('numbers keep each of their digits, and letters are letters', () => {
  expect(formatJson('{"a":9007199254740993,"b":1.10,"c":[1E400]}')).toBe(
    '{\n  "a": 9007199254740993,\n  "b": 1.10,\n  "c": [\n    1E400\n  ]\n}',
  );
  expect(formatJson(String.raw`["Z\u00fcrich","\"[","\\"]`)).toBe(
    '[\n  "Zürich",\n  "\\"[",\n  "\\\\"\n]',
  );
});

test.each(['', 'plain words', '{"a": 1', '[1,]', '01'])(
  'what is no JSON stays as it is: %j',
  (text) => {
    expect(formatJson(text)).toBe(text);
  },
);

test('brackets within brackets are left as they are', () => {
  const deep = `${'['.repeat(4_000)}1${']'.repeat(4_000)}`;
  expect(formatJson(deep)).toBe(deep);
});
