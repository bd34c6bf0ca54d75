import { expect, test } from 'vitest';
import { highlightableLength, highlight, type CodePiece } from '../../webview/code/highlighting.ts';

function joinText(pieces: readonly CodePiece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : joinText(piece.pieces)))
    .join('');
}

function measureDepth(pieces: readonly CodePiece[]): number {
  const depths = pieces.map((piece) =>
    typeof piece === 'string' ? 0 : 1 + measureDepth(piece.pieces),
  );
  return Math.max(0, ...depths);
}

test('Code is highlighted in the language of its fence, including aliases.', () => {
  for (const name of ['javascript', 'js', 'jsx']) {
    expect(highlight('const a = 1;', name)).toEqual([
      { kind: 'keyword', pieces: ['const'] },
      ' a = ',
      { kind: 'number', pieces: ['1'] },
      ';',
    ]);
  }
});

test.each(['', 'constructor', '__proto__', 'klingon'])(
  'Code in the language %j is not highlighted.',
  (name) => {
    expect(highlight('const a = 1;', name)).toEqual(['const a = 1;']);
  },
);

test('Highlighting keeps the text, and code beyond the limit is not highlighted.', () => {
  const code = 'a = "<b>" # \'c\' // {d: [1]}\n\t<e f="g">`h`</e> /* i */ -- j\n';
  for (const name of ['python', 'tsx', 'bash', 'html', 'markdown', 'yaml', 'diff', 'php'])
    expect(joinText(highlight(code, name))).toBe(code);
  const long = code.repeat(1_000);
  expect(highlight(long, 'python')).toEqual([long]);
});

test('Growing code is highlighted by line in linear time.', () => {
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
])('Deeply nested code is highlighted to a maximum depth: %s.', (name, start, piece) => {
  const code = start + piece.repeat(3_000);
  const pieces = highlight(code, name);
  expect(measureDepth(pieces)).toBeLessThan(30);
  expect(joinText(pieces)).toBe(code);
});

test('Plain text in a code block does not take long in any language.', () => {
  const begun = performance.now();
  for (const name of ['c', 'cpp', 'csharp', 'typescript', 'ini', 'java']) {
    for (const words of ['word ', 'a\n', 'int a ', 'a & b ', 'a. ', 'x', 'é']) {
      const code = words.repeat(39_000 / words.length);
      expect(highlight(code, name)).toEqual([code]);
    }
  }
  // Without the check, a single case took more than ten seconds.
  expect(performance.now() - begun).toBeLessThan(5_000);
});
