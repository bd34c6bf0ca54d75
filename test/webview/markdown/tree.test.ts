import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMarkdownDocument } from '../../../webview/markdown/document.ts';
import type { Block } from '../../../webview/markdown/tree.ts';
import { anyText, hostile } from './corpus.ts';

function blocks(text: string): readonly Block[] {
  return createMarkdownDocument().read(text, { ended: true, isStalled: false });
}

/** URLs of links and images in a tree. */
function collectUrls(tree: unknown): { opened: string[]; shown: string[] } {
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

test('Tables, tasks, numbered lists and code are parsed.', () => {
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

test('HTML is text, line breaks are kept, and file names are not links.', () => {
  expect(blocks('<b>x</b>\nmain.py')).toEqual([
    {
      type: 'paragraph',
      tight: false,
      content: [text('<b>x</b>'), { type: 'break' }, text('main.py')],
    },
  ]);
});

test('A data URI image is shown, and a remote image becomes a link.', () => {
  expect(collectUrls(blocks('![a](data:image/png;base64,AA) ![b](https://x.y/z.png)'))).toEqual({
    opened: ['https://x.y/z.png'],
    shown: ['data:image/png;base64,AA'],
  });
});

test('Links only have web and mail URLs, and images only data URIs.', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...hostile), anyText), (source) => {
      const { opened, shown } = collectUrls(blocks(source));
      for (const url of opened) expect(url).toMatch(/^(?:https?:\/\/|mailto:)/i);
      for (const url of shown) expect(url).toMatch(/^data:image\//i);
    }),
    { numRuns: 500 },
  );
});
