import fc from 'fast-check';

// Lines of valid and invalid markdown that start, continue and end blocks, and fragments of such lines.
const lines = [
  [
    '',
    '',
    '',
    ' ',
    'word',
    '  word',
    '    word',
    '\tword',
    '# head',
    '===',
    '---',
    '***',
    '-',
    '1',
  ],
  [
    '- item',
    '  - nested',
    '- [ ] task',
    '* [x] done',
    '1. one',
    '2) two',
    '> quote',
    '> - both',
    '>',
  ],
  ['```', '```js', '~~~', '  ```', '| a | b |', '|---|---|', '|:-:|', '| **c** | `d` | e |'],
  ['[l]: /x "title', 'more"', '[l]:', '/x', '"begun', '[m]: <https://x.y/z>'],
  ['[m]: data:image/png;base64,AA', 'a [l] ![m] [t][l] [1]', '[u](https://x.y "t")', '**bold'],
  ['end** *it', '`co', 'de`', '<b>x</b>', 'https://x.y/z.', '<http://x.y>', '&amp; &copy', '\\'],
  ['two  ', 'Ünï😀', '\0', '[^1]: note'],
].flat();
const letters = fc.string({ unit: fc.constantFrom(...'`*_~|[]()!<>&\\ \t-+#=1.:"a'.split('')) });
const newline = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');

/** Arbitrary text that an agent may send. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...lines) }, letters), newline))
  .map((lines) => lines.flat().join(''));

const pieces = [
  ['Plain', 'words', '**bold words**', '*slanted*', '_too_', '***both at once***', '~~gone~~'],
  ['`code()`', '`` a ` b ``', '[a link](https://x.y/z_w "title")', '[**bold** link](http://x.y)'],
  ['![a dot](data:image/png;base64,AAAA)', 'snake_case_name', '2 * 3 * 4', '**bold *and* more**'],
  ['[1, 2]', 'list[0]', 'a < b', 'R&D', '&amp;', 'x\\*y', '(in brackets)', '日本語', 'end.'],
].flat();

const words = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
  .map((all) => all.join(' '));

const block = fc.oneof(
  words,
  fc.tuple(words, fc.constantFrom('---', '===', '-----')).map((parts) => parts.join('\n')),
  fc.tuple(fc.constantFrom('#', '##', '####'), words).map((parts) => parts.join(' ')),
  fc
    .array(words, { minLength: 1, maxLength: 3 })
    .map((all) => all.map((each) => `- ${each}`).join('\n')),
  fc
    .array(words, { minLength: 1, maxLength: 3 })
    .map((all) => all.map((each, index) => `${index + 1}. ${each}\n   - ${each}`).join('\n')),
  fc
    .array(words, { minLength: 1, maxLength: 3 })
    .map((all) => all.map((each) => `- [x] ${each}`).join('\n')),
  fc
    .array(words, { minLength: 1, maxLength: 2 })
    .map((all) => all.map((each) => `> ${each}`).join('\n')),
  fc.constantFrom(
    '```python\nx = {"a": [1]}\n# **no** | table |\n- x\n```',
    '~~~\n```\n~~~',
    '---',
  ),
  words.map((cell) => `| ${cell} | b |\n|:--|---|\n| ${cell} | |\n| c | ${cell} |`),
);

/** A well-formed answer, as models write it. */
export const wellWritten: fc.Arbitrary<string> = fc
  .array(block, { minLength: 1, maxLength: 6 })
  .map((blocks) => blocks.join('\n\n'));

/** Markdown that has run code or loaded content in other renderers. */
export const hostile: readonly string[] = [
  '<script>globalThis.pwned = 1</script>',
  '<img src=x onerror="globalThis.pwned=1">',
  '<svg/onload=globalThis.pwned=1><image href="https://evil.test/svg"/></svg>',
  '<iframe srcdoc="<script>parent.pwned=1</script>" src="https://evil.test/frame"></iframe>',
  '<style>@import "https://evil.test/style"; * { background: url(https://evil.test/back) }</style>',
  '<link rel=stylesheet href=https://evil.test/link><base href=https://evil.test/>',
  '<meta http-equiv=refresh content="0;url=https://evil.test/refresh">',
  '<form action=https://evil.test/form><button autofocus onfocus=globalThis.pwned=1>x</button></form>',
  '<object data="javascript:pwned=1"></object><embed src=https://evil.test/embed>',
  '<a href="javascript:globalThis.pwned=1">html link</a>',
  '<details open ontoggle=globalThis.pwned=1><summary>x</summary></details>',
  '![remote](https://evil.test/image.png)',
  '![remote][r]\n\n[r]: https://evil.test/reference.png',
  '![scheme-less](//evil.test/slashes.png)',
  '[![inner](https://evil.test/inner.png)](https://evil.test/outer)',
  '![x](https://evil.test/image.png"onerror="globalThis.pwned=1)',
  '[run](javascript:globalThis.pwned=1)',
  '[run](JaVaScRiPt:globalThis.pwned=1)',
  '[run](java&#115;cript&colon;globalThis.pwned=1)',
  '[run](javascript&#x3A;globalThis.pwned=1)',
  '[run](  javascript:globalThis.pwned=1)',
  '[run](<java\tscript:globalThis.pwned=1>)',
  '[run](\u0001javascript:globalThis.pwned=1)',
  '[run][j]\n\n[j]: javascript:globalThis.pwned=1',
  '<javascript:globalThis.pwned=1>',
  '[run](vbscript:msgbox)',
  '[run](data:text/html,<script>parent.pwned=1</script>)',
  '![run](data:text/html;base64,PHNjcmlwdD5wd25lZD0xPC9zY3JpcHQ+)',
  '![svg](data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20onload=%22parent.pwned=1%22%3E%3Cimage%20href=%22https://evil.test/in-svg%22/%3E%3Cscript%3Eparent.pwned=1%3C/script%3E%3C/svg%3E)',
  '[command](command:workbench.action.terminal.new)',
  '[command](vscode://evil.test/run)',
  '[file](file:///etc/passwd)',
  '<command:workbench.action.quit>',
  '[quote](https://ok.test/"onmouseover="globalThis.pwned=1)',
  '[title](https://ok.test "\\"onmouseover=globalThis.pwned=1 x=\\"")',
  '```"><script>globalThis.pwned=1</script>\n<script>globalThis.pwned=1</script>\n```',
  '```constructor\nx\n```\n\n```__proto__\nx\n```',
  '`<script>globalThis.pwned=1</script>`',
  '| <script>pwned=1</script> | ![x](https://evil.test/cell.png) |\n|--|--|\n| a | <img src=https://evil.test/td> |',
  '[__proto__]: https://evil.test\n\n[__proto__] [constructor] [toString]',
];
