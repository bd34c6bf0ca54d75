import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMarkdownDocument } from '../../../webview/markdown/document.ts';
import type { Block } from '../../../webview/markdown/tree.ts';
import { anyText, wellWritten } from './corpus.ts';

const GROWING = { ended: false, isStalled: false };
const ENDED = { ended: true, isStalled: false };

/** Blocks after each piece, and at the end. */
function stream(pieces: readonly string[]): { steps: (readonly Block[])[]; end: readonly Block[] } {
  const document = createMarkdownDocument();
  let text = '';
  const steps = pieces.map((piece) => document.read((text += piece), GROWING));
  return { steps, end: document.read(text, ENDED) };
}

function parseWhole(text: string): readonly Block[] {
  return createMarkdownDocument().read(text, ENDED);
}

/** Text of a tree without spaces. */
function readText(tree: unknown): string {
  if (Array.isArray(tree)) return tree.map(readText).join('');
  if (typeof tree !== 'object' || tree === null) return '';
  const words = Object.entries(tree).map(([key, value]) =>
    key === 'text' || key === 'source' ? String(value).replaceAll(/\s/g, '') : readText(value),
  );
  return words.join('');
}

test('However a text is split, the result equals a full parse.', () => {
  fc.assert(
    fc.property(anyText, fc.array(fc.nat(120), { maxLength: 30 }), (text, cuts) => {
      const places = [...new Set(cuts)]
        .filter((cut) => cut < text.length)
        .toSorted((a, b) => a - b);
      const pieces = [0, ...places].map((from, index) => text.slice(from, places[index]));
      expect(stream(pieces).end).toEqual(parseWhole(text));
    }),
    { numRuns: 500 },
  );
});

test.each([
  // The title of a definition may span several lines.
  '[l]:\n/x\n"begun\nmore"\n\n[l]\n',
  'uses [later] and [never]\n\n- uses [later]\n\n[later]: https://x.y\n',
  '- a\n\n  b\n\n      code\n\n- c\n\nd\n',
  '1. a\n\n1\n\n2. b\n',
  'a\r\n\r\nb\r\rc\n\r\n> d\r\n',
  '```\n\na\n\n```\n\n    code\n\n    goes on\n\nend',
])('Text that streams by character equals a full parse: %j.', (text) => {
  expect(stream(text.split('')).end).toEqual(parseWhole(text));
});

test('Visible blocks of a well-formed answer neither change their type nor disappear.', () => {
  fc.assert(
    fc.property(wellWritten, (text) => {
      const { steps, end } = stream(text.split(''));
      const types = end.map(({ type }) => type);
      const words = readText(end);
      const changed = steps.find(
        (step) =>
          step.some(({ type }, index) => type !== types[index]) ||
          !words.startsWith(readText(step)),
      );
      expect(changed).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});

test.each(['[', '![x](', '[x](', '`', '<a', '&', '\\', '**', 'x ![', '| '])(
  'Text after an unclosed %j is shown.',
  (opener) => {
    const { steps } = stream([opener, ...Array<string>(300).fill('word ')]);
    expect(readText(steps.at(-1)).length).toBeGreaterThan(1_100);
  },
);

test('Settled blocks, and unchanged parts of the last block, stay the same objects.', () => {
  const { steps, end } = stream(['# A\n\nb **c**\n\n- d\n- e', ' f\n- g', '\n\nh']);
  for (const [before, after] of [
    [steps[0]!, steps[1]!],
    [steps[1]!, steps[2]!],
    [steps[2]!, end],
  ] as const) {
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  }
  const [first, second] = [steps[0]![2]!, steps[1]![2]!];
  if (first.type !== 'list' || second.type !== 'list') throw new Error('no lists');
  expect(second).not.toBe(first);
  expect(second.items[0]).toBe(first.items[0]);
});

test('A long block is parsed again only after it has grown by a fraction, stalls or ends.', () => {
  const document = createMarkdownDocument();
  const text = 'word '.repeat(20_000);
  document.read(text, GROWING);
  const before = document.read(`${text}more `, GROWING);
  expect(document.isBehind()).toBe(true);
  expect(readText(before)).not.toMatch(/more$/);
  expect(readText(document.read(`${text}more `, { ended: false, isStalled: true }))).toMatch(
    /more$/,
  );
  expect(document.isBehind()).toBe(false);
  expect(readText(document.read(`${text}more yet`, ENDED))).toMatch(/yet$/);
});

test.each([
  ['unclosed links', '[a](x ', 30_000],
  ['unclosed links without spaces', '[a](x', 30_000],
  ['unclosed images', '![a](data:x ', 20_000],
])('Streaming is fast with %s.', (_name, piece, count) => {
  const text = `${piece.repeat(count)} `;
  const begun = performance.now();
  expect(createMarkdownDocument().read(text, GROWING).length).toBeGreaterThan(0);
  // Quadratic time would take at least twice as long.
  expect(performance.now() - begun).toBeLessThan(7_000);
});

test('Unclosed emphasis is parsed in linear time.', () => {
  const text = '*a '.repeat(60_000) + 'b_ '.repeat(60_000);
  const begun = performance.now();
  expect(createMarkdownDocument().read(text, GROWING)).toHaveLength(1);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('A long URL in a link is not parsed as text while it streams.', () => {
  const address = `https://x.y/?_a=${'b'.repeat(2_000)}`;
  const [paragraph] = createMarkdownDocument().read(`[c](${address}) *d`, GROWING);
  expect(paragraph).toMatchObject({
    content: [
      { type: 'link', target: { href: address } },
      { type: 'text', text: ' ' },
      { type: 'emphasis' },
    ],
  });
});
