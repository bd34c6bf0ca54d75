import { expect, test } from 'vitest';
import {
  highlightableLength,
  highlighted,
  type CodePiece,
} from '../../webview/code/highlighting.ts';

function textIn(pieces: readonly CodePiece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : textIn(piece.pieces))).join('');
}

function depthOf(pieces: readonly CodePiece[]): number {
  const depths = pieces.map((piece) => (typeof piece === 'string' ? 0 : 1 + depthOf(piece.pieces)));
  return Math.max(0, ...depths);
}

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
  for (const name of ['python', 'tsx', 'bash', 'html', 'markdown', 'yaml', 'diff', 'php'])
    expect(textIn(highlighted(code, name))).toBe(code);
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

test.each([
  ['javascript', '`', '${`'],
  ['typescript', '`', '${`'],
  ['kotlin', '', '"${'],
  ['ruby', '', '"#{'],
  ['bash', '', '"$('],
  ['rust', '', '/*'],
  ['swift', '', '/*'],
])(
  'code that is nested without end is drawn as deep as anybody looks: %s',
  (name, start, piece) => {
    const code = start + piece.repeat(3_000);
    const pieces = highlighted(code, name);
    expect(depthOf(pieces)).toBeLessThan(30);
    expect(textIn(pieces)).toBe(code);
  },
);

test('what is plainly no code costs no time, whatever language it says that it is', () => {
  const begun = performance.now();
  for (const name of ['c', 'cpp', 'csharp', 'typescript', 'ini', 'java']) {
    for (const words of ['word ', 'a\n', 'int a ', 'a & b ', 'a. ', 'x', 'é']) {
      const code = words.repeat(39_000 / words.length);
      expect(highlighted(code, name)).toEqual([code]);
    }
  }
  // Of one of them alone it was ten seconds and more.
  expect(performance.now() - begun).toBeLessThan(5_000);
});
