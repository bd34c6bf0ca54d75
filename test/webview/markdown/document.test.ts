import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDocument } from '../../../webview/markdown/document.ts';
import type { Block } from '../../../webview/markdown/tree.ts';
import { anyText, wellWritten } from './corpus.ts';

const GROWS = { ended: false, stands: false };
const ENDED = { ended: true, stands: false };

/** What is shown after each piece, and at the end. */
function shown(pieces: readonly string[]): { steps: (readonly Block[])[]; end: readonly Block[] } {
  const document = createDocument();
  let text = '';
  const steps = pieces.map((piece) => document.read((text += piece), GROWS));
  return { steps, end: document.read(text, ENDED) };
}

function whole(text: string): readonly Block[] {
  return createDocument().read(text, ENDED);
}

/** The words of a tree, in their order, without spaces. */
function wordsOf(tree: unknown): string {
  if (Array.isArray(tree)) return tree.map(wordsOf).join('');
  if (typeof tree !== 'object' || tree === null) return '';
  const words = Object.entries(tree).map(([key, value]) =>
    key === 'text' || key === 'source' ? String(value).replaceAll(/\s/g, '') : wordsOf(value),
  );
  return words.join('');
}

test('however a text is cut, it becomes the same as when it is read whole', () => {
  fc.assert(
    fc.property(anyText, fc.array(fc.nat(120), { maxLength: 30 }), (text, cuts) => {
      const places = [...new Set(cuts)]
        .filter((cut) => cut < text.length)
        .toSorted((a, b) => a - b);
      const pieces = [0, ...places].map((from, index) => text.slice(from, places[index]));
      expect(shown(pieces).end).toEqual(whole(text));
    }),
    { numRuns: 500 },
  );
});

test.each([
  // The title of a definition may stand in lines of its own, and end in a later one.
  '[l]:\n/x\n"begun\nmore"\n\n[l]\n',
  'uses [later] and [never]\n\n- uses [later]\n\n[later]: https://x.y\n',
  '- a\n\n  b\n\n      code\n\n- c\n\nd\n',
  '1. a\n\n1\n\n2. b\n',
  'a\r\n\r\nb\r\rc\n\r\n> d\r\n',
  '```\n\na\n\n```\n\n    code\n\n    goes on\n\nend',
])('letter by letter, too: %j', (text) => {
  expect(shown(text.split('')).end).toEqual(whole(text));
});

test('nothing that is shown of a well-written answer becomes another block or goes away again', () => {
  fc.assert(
    fc.property(wellWritten, (text) => {
      const { steps, end } = shown(text.split(''));
      const types = end.map(({ type }) => type);
      const words = wordsOf(end);
      for (const step of steps) {
        expect(types.slice(0, step.length)).toEqual(step.map(({ type }) => type));
        expect(words.slice(0, wordsOf(step).length)).toBe(wordsOf(step));
      }
    }),
    { numRuns: 40 },
  );
});

test.each(['[', '![x](', '[x](', '`', '<a', '&', '\\', '**', 'x ![', '| '])(
  'what begins with %j and never ends is shown all the same',
  (opener) => {
    const { steps } = shown([opener, ...Array<string>(300).fill('word ')]);
    expect(wordsOf(steps.at(-1)).length).toBeGreaterThan(1_100);
  },
);

test('a block that is settled stays the same object, and so does what did not change of the last', () => {
  const { steps, end } = shown(['# A\n\nb **c**\n\n- d\n- e', ' f\n- g', '\n\nh']);
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

test('a long block waits until it has grown by a part of itself, or stands, or ends', () => {
  const document = createDocument();
  const text = 'word '.repeat(20_000);
  document.read(text, GROWS);
  const before = document.read(`${text}more `, GROWS);
  expect(document.isBehind()).toBe(true);
  expect(wordsOf(before)).not.toMatch(/more$/);
  expect(wordsOf(document.read(`${text}more `, { ended: false, stands: true }))).toMatch(/more$/);
  expect(document.isBehind()).toBe(false);
  expect(wordsOf(document.read(`${text}more yet`, ENDED))).toMatch(/yet$/);
});

test.each([
  ['links that are not closed', '[a](x ', 30_000],
  ['links that are not closed and run on', '[a](x', 30_000],
  ['images in words that are not closed', '![a](data:x ', 20_000],
])('%s take no time while they are written', (_name, piece, count) => {
  const text = `${piece.repeat(count)} `;
  const begun = performance.now();
  expect(createDocument().read(text, GROWS).length).toBeGreaterThan(0);
  // Who looked at all that follows for each of them would take twice as long, on any machine.
  expect(performance.now() - begun).toBeLessThan(7_000);
});

test('emphases that are not closed take no time while others are', () => {
  const text = '*a '.repeat(60_000) + 'b_ '.repeat(60_000);
  const begun = performance.now();
  expect(createDocument().read(text, GROWS)).toHaveLength(1);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('a long address in a link is none of the words while it is written', () => {
  const address = `https://x.y/?_a=${'b'.repeat(2_000)}`;
  const [paragraph] = createDocument().read(`[c](${address}) *d`, GROWS);
  expect(paragraph).toMatchObject({
    content: [
      { type: 'link', target: { href: address } },
      { type: 'text', text: ' ' },
      { type: 'emphasis' },
    ],
  });
});
