import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDocument } from '../../../webview/markdown/document.ts';
import type { Block } from '../../../webview/markdown/tree.ts';
import { anyText, hostile } from './corpus.ts';

function blocks(text: string): readonly Block[] {
  return createDocument().read(text, { ended: true, stands: false });
}

/** The addresses that a tree would have somebody open or show. */
function addressesIn(tree: unknown): { opened: string[]; shown: string[] } {
  const opened: string[] = [];
  const shown: string[] = [];
  JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'href') opened.push(String(value));
    if (key === 'source') shown.push(String(value));
    return value;
  });
  return { opened, shown };
}

const text = (words: string) => ({ type: 'text', text: words });
const line = (...content: unknown[]) => ({ type: 'paragraph', tight: true, content });

test('tables, tasks, numbers and code are read to what they are', () => {
  expect(blocks('| a | *b* |\n|:-:|--|\n| 1 |')).toEqual([
    {
      type: 'table',
      header: [
        { align: 'center', content: [text('a')] },
        { align: null, content: [{ type: 'emphasis', children: [text('b')] }] },
      ],
      rows: [
        [
          { align: 'center', content: [text('1')] },
          { align: null, content: [] },
        ],
      ],
    },
  ]);
  expect(blocks('3. [x] done\n4. [ ] open\n5. [y] none')).toEqual([
    {
      type: 'list',
      start: 3,
      items: [
        { task: true, children: [line(text('done'))] },
        { task: false, children: [line(text('open'))] },
        { task: null, children: [line(text('[y] none'))] },
      ],
    },
  ]);
  expect(blocks('```TypeScript {1}\nconst a = 1;\n```')).toEqual([
    { type: 'code', language: 'typescript', text: 'const a = 1;' },
  ]);
});

test('HTML is text, lines stay lines, and what names a file is no link', () => {
  expect(blocks('<b>x</b>\nmain.py')).toEqual([
    {
      type: 'paragraph',
      tight: false,
      content: [text('<b>x</b>'), { type: 'break' }, text('main.py')],
    },
  ]);
});

test('an image in its address is shown; one that would have to be loaded is a link to it', () => {
  expect(addressesIn(blocks('![a](data:image/png;base64,AA) ![b](https://x.y/z.png)'))).toEqual({
    opened: ['https://x.y/z.png'],
    shown: ['data:image/png;base64,AA'],
  });
});

test('whatever is written, a link opens the web or a letter, and an image is in its address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...hostile), anyText), (source) => {
      const { opened, shown } = addressesIn(blocks(source));
      for (const address of opened) expect(address).toMatch(/^(?:https?:\/\/|mailto:)/i);
      for (const address of shown) expect(address).toMatch(/^data:image\//i);
    }),
    { numRuns: 500 },
  );
});
