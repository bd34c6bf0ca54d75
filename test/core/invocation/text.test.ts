import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitBytes, formatEvent, readEvents, formatEventStream } from '../../support/answers.ts';

const words = (...pieces: string[]) =>
  pieces.map((piece) => `data: ${JSON.stringify(piece)}\n\n`).join('');

async function read(contentType: string, ...pieces: (string | Uint8Array)[]): Promise<string[]> {
  return (await readEvents(contentType, ...pieces)).map(formatEvent);
}

test.each([
  [['Hello', 'Hello World', 'Hello World!'], 'Hello World!'],
  [['H', 'He', 'Hel', 'Hello'], 'Hello'],
  [['Hello', 'Hello World', 'Hello World', 'Next', 'Next one'], 'Hello WorldNext one'],
  // New words with the same start.
  [['a', 'ab', ' c'], 'aab c'],
  [['no', 'no'], 'nono'],
  [['a', 'ab'], 'aab'],
  [['1', '2', '12'], '1212'],
])('the pieces %j are read as %s', async (pieces, text) => {
  expect(await read('text/event-stream', words(...pieces))).toEqual([text]);
});

test.each(['delta', 'token', 'text', 'content', 'output', 'answer', 'response'])(
  'objects with one field `%s` are shown as their text',
  async (field) => {
    const chunks = ['Hel', 'lo ', '**you**'].map((piece) => ({ [field]: piece }));
    expect(await read('text/event-stream', formatEventStream(...chunks))).toEqual([
      'Hello **you**',
    ]);
    expect(await read('application/json', JSON.stringify({ [field]: 'Hello' }))).toEqual(['Hello']);
  },
);

test('a delta that starts like the one before is new text', async () => {
  const deltas = ['test', 'testing', '!'].map((delta) => ({ delta }));
  expect(await read('text/event-stream', formatEventStream(...deltas))).toEqual(['testtesting!']);
});

test('an object whose delta is not text is shown as JSON', async () => {
  expect(await read('application/json', '{"delta":{"cpu":0.5}}')).toEqual([
    '{\n  "delta": {\n    "cpu": 0.5\n  }\n}',
  ]);
});

test('cumulative text is shown once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ minLength: 1 }), { minLength: 3 }), async (pieces) => {
      const text = `0123${pieces.join('').replaceAll('<', '')}`;
      const ends = pieces.map((_, index) => 4 + pieces.slice(0, index).join('').length);
      const cumulative = [...ends, text.length].map((end) => text.slice(0, end));
      expect((await read('text/event-stream', words(...cumulative))).join('')).toBe(text);
    }),
  );
});

const tagged: [text: string, read: string[]][] = [
  ['<thinking>hm</thinking>\n\nHello', ['thinking: hm', 'Hello']],
  ['a\n <thinking>b < c</thinking> d', ['a\n ', 'thinking: b < c', 'd']],
  ['Wrap it in <thinking>x</thinking> tags.', ['Wrap it in <thinking>x</thinking> tags.']],
  ['`<thinking>` begins it', ['`<thinking>` begins it']],
  [
    'So:\n```xml\n<thinking>x</thinking>\n~~~\n``\n<think>\n```js\n<think>\n<__function=a>\n```\n<thinking>hm</thinking>!',
    [
      'So:\n```xml\n<thinking>x</thinking>\n~~~\n``\n<think>\n```js\n<think>\n<__function=a>\n```\n',
      'thinking: hm',
      '!',
    ],
  ],
  ['<think>a</think> <think>b</think> c', ['thinking: ab', 'c']],
  ['<think></think>Hello', ['Hello']],
  [
    'So <__function=a></__function><think>b</think>',
    ['So ', 'use 1 = a', 'use 1 < {}', 'thinking: b'],
  ],
  ['<think>hm</think>Hello', ['thinking: hm', 'Hello']],
  ['a < b, <b>c</b> and <thinkingly>', ['a < b, <b>c</b> and <thinkingly>']],
  ['never closed\n<thinking>hm', ['never closed\n', 'thinking: hm']],
  ['it ends with <thin', ['it ends with <thin']],
  ['<__function=a><__parameter=b>1</__parameter>', ['use 1 = a', 'use 2 < {"b":"1"}']],
  [
    'Let me see. <__function=add><__parameter=a>1</__parameter><__parameter=b>{"c":[2]}</__parameter></__function>\nSo',
    ['Let me see. ', 'use 1 = add', 'use 2 < {"a":"1","b":{"c":[2]}}', 'So'],
  ],
];

test.each(tagged)('tags in %j are found however it is split', async (text, expected) => {
  const bytes = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 20 }), async (offsets) => {
      const shown = (await read('text/plain', ...splitBytes(bytes, offsets))).join('\n');
      expect(shown.replaceAll(/use \d/g, 'use')).toBe(
        expected.join('\n').replaceAll(/use \d/g, 'use'),
      );
    }),
    { examples: [[[]], [[...bytes.keys()]]] },
  );
});

test('a thought may start the text after another event', async () => {
  const events = [
    { data: 'Let me see' },
    { current_tool_use: { toolUseId: '1', name: 'add', input: '{}' } },
    { data: '<thinking>hm</thinking>3' },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  const lines = await read('text/event-stream', ...events);
  expect(lines.filter((line) => !line.startsWith('1 '))).toEqual([
    'Let me see',
    'thinking: hm',
    '3',
  ]);
});

test.each([
  ['<thin', 'king>hm</thinking>3', ['thinking: hm', '3']],
  ['<thinking>h', 'm</thinking>3', ['thinking: hm', '3']],
])('usage may arrive in the middle of a tag: %j, %j', async (before, after, said) => {
  const usage = { event: { metadata: { usage: { inputTokens: 1 } } } };
  const events = [{ data: before }, usage, { data: after }].map(
    (event) => `data: ${JSON.stringify(event)}\n\n`,
  );
  const lines = await read('text/event-stream', ...events);
  expect(lines).toContain('usage: {"inputTokens":1}');
  const others = lines.filter((line) => !line.startsWith('usage'));
  expect(others.join('').replace('thinking: hthinking: m', 'thinking: hm')).toBe(said.join(''));
});

test('arguments that another event interrupts belong to one tool use', async () => {
  const events = [
    { data: '<__function=a><__parameter=b>1' },
    { current_tool_use: { toolUseId: '1', name: 'add', input: '{}' } },
    { data: '2</__parameter></__function>3' },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  const lines = await read('text/event-stream', ...events);
  expect(lines.filter((line) => line.includes(' < {"b"'))).toEqual([
    expect.stringMatching(/ < \{"b":"12"\}$/),
  ]);
  expect(lines.at(-1)).toBe('3');
});

test('text with many tags is preserved, however it is split', async () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '<thinking>',
    '</thinking>',
    '<th',
    'ink>',
    'a',
    ' b',
    '</',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.array(fc.nat()), async (pieces, offsets) => {
      const bytes = new TextEncoder().encode(pieces.join(''));
      const whole = await read('text/plain', bytes);
      expect(await read('text/plain', ...splitBytes(bytes, offsets))).toEqual(whole);
      const letters = (text: string) => text.replaceAll(/[^ab]/g, '');
      expect(letters(whole.join('').replaceAll('thinking: ', ''))).toBe(letters(pieces.join('')));
    }),
  );
});

test.each([
  ['unclosed tags', '<thinking'],
  ['brackets', '<'],
  ['tool tags', '<__function=a'],
  ['thoughts', '<thinking>a</thinking>'],
  ['parameters without an end', '<__function=a><__parameter=b>'],
])('two megabytes of %s in small pieces are read in time', async (_name, piece) => {
  const text = piece.repeat(100);
  const pieces = Array.from({ length: Math.ceil(2_000_000 / text.length) }, () => text);
  // A reader that examines all earlier text for each piece would exceed the test's timeout.
  expect(await readEvents('text/plain', ...pieces)).not.toEqual([]);
});
