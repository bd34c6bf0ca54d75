import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatJson } from '../../src/shared/formatJson.ts';

test('JSON is formatted like JSON.stringify, however it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, indent) => {
      const wanted = JSON.stringify(JSON.parse(JSON.stringify(value)), null, 2);
      const shown = formatJson(JSON.stringify(value, null, indent));
      expect(shown).toBe(wanted);
    }),
  );
});

test('numbers keep every digit, and escapes are decoded', () => {
  expect(formatJson('{"a":9007199254740993,"b":1.10,"c":[1E400]}')).toBe(
    '{\n  "a": 9007199254740993,\n  "b": 1.10,\n  "c": [\n    1E400\n  ]\n}',
  );
  expect(formatJson(String.raw`["Z\u00fcrich","\"[","\\"]`)).toBe(
    '[\n  "Zürich",\n  "\\"[",\n  "\\\\"\n]',
  );
});

test.each(['', 'plain words', '{"a": 1', '[1,]', '01'])(
  'invalid JSON stays unchanged: %j',
  (text) => {
    expect(formatJson(text)).toBe(text);
  },
);

test('deeply nested brackets stay unchanged', () => {
  const deep = `${'['.repeat(4_000)}1${']'.repeat(4_000)}`;
  expect(formatJson(deep)).toBe(deep);
});
