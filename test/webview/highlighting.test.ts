import { expect, test } from 'vitest';
import { highlightableLength, highlighted } from '../../webview/code/highlighting.ts';

test('code is highlighted in the language that its fence names, by whichever of its names', () => {
  for (const name of ['javascript', 'js', 'jsx']) {
    expect(highlighted('const a = 1;', name)).toEqual([
      { kind: 'keyword', pieces: ['const'] },
      ' a = ',
      { kind: 'number', pieces: ['1'] },
      ';',
    ]);
  }
});

test.each(['', 'constructor', '__proto__', 'klingon'])('in %j it is as it was written', (name) => {
  expect(highlighted('const a = 1;', name)).toEqual(['const a = 1;']);
});

test('highlighting changes no letter, and leaves alone what is too long', () => {
  const code = 'a = "<b>" # \'c\' // {d: [1]}\n\t<e f="g">`h`</e> /* i */ -- j\n';
  const text = (pieces: ReturnType<typeof highlighted>): string =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : text(piece.pieces))).join('');
  for (const name of ['python', 'tsx', 'bash', 'html', 'markdown', 'yaml', 'diff', 'php'])
    expect(text(highlighted(code, name))).toBe(code);
  const long = code.repeat(1_000);
  expect(highlighted(long, 'python')).toEqual([long]);
});

test('code that grows is highlighted by lines, in all no more than a few times its length', () => {
  const line = 'const a = 1;\n';
  let length = 0;
  let work = 0;
  let text = '';
  for (let count = 0; count < 2_000; count++) {
    for (const letter of line.split('')) {
      text += letter;
      const next = highlightableLength(text, length);
      expect(next === 0 || text[next - 1] === '\n').toBe(true);
      expect(text.length - next).toBeLessThanOrEqual(length / 8 + line.length);
      if (next !== length) work += next;
      length = next;
    }
  }
  expect(work).toBeLessThan(text.length * 10);
});
