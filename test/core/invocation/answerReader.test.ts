import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitBytes, formatEvent, readEvents } from '../../support/answers.ts';

/** Reads an answer that arrives in pieces. */
async function read(contentType: string, ...pieces: (string | Uint8Array)[]): Promise<string[]> {
  return (await readEvents(contentType, ...pieces)).map(formatEvent);
}

test.each([
  ['the Python SDK’s strings', 'data: "Grüezi, "\n\ndata: "Welt 🌍"\n\n', ['Grüezi, Welt 🌍']],
  [
    'the TypeScript SDK’s named events',
    'event: message\ndata: {"text":"one "}\n\nevent: message\ndata: {"text":"two"}\n\n',
    ['one two'],
  ],
  [
    'a failure of the Python SDK, which is the last event',
    'data: "so far"\n\ndata: {"error":"boom\\nTraceback","error_type":"ValueError","message":"An error occurred during streaming"}\n\ndata: "never"\n\n',
    ['so far', 'ValueError! boom\nTraceback'],
  ],
  [
    'a failure of the TypeScript SDK',
    'data: "so far"\n\nevent: error\ndata: {"error":"boom"}\n\n',
    ['so far', 'Error in the stream! boom'],
  ],
  [
    'carriage returns and comments',
    ': hello\r\ndata: "a"\r\n\r\n: bye\r\ndata: "b"\r\n\r\n',
    ['ab'],
  ],
  [
    'carriage returns between the lines of one event',
    'event: error\r\ndata: {"error":\r\ndata: "boom"}\r\n\r\n',
    ['Error in the stream! boom'],
  ],
  ['no last blank line', 'data: "a"\n\ndata: "b"', ['ab']],
  ['data that is not JSON', 'data: plain words\n\n', ['plain words']],
  ['data without text', 'data: {"step":1}\n\n', ['{\n  "step": 1\n}']],
])(
  'an event stream with %s reads the same however it is split',
  async (_name, stream, expected) => {
    const bytes = new TextEncoder().encode(stream);
    expect(await read('text/event-stream; charset=utf-8', bytes)).toEqual(expected);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (offsets) => {
        expect(await read('text/event-stream', ...splitBytes(bytes, offsets))).toEqual(expected);
      }),
    );
  },
);

test('an event stream preserves all text, however it is split', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' })),
      fc.array(fc.nat()),
      async (graphemes, offsets) => {
        // A word that starts with the one before would be cumulative text, and tags are not text.
        const words = graphemes.map((word, index) => `${index}${word.replaceAll('<', '')}`);
        const stream = words.map((word) => `data: ${JSON.stringify(word)}\n\n`).join('');
        const pieces = splitBytes(new TextEncoder().encode(stream), offsets);
        expect((await read('text/event-stream', ...pieces)).join('')).toBe(words.join(''));
      },
    ),
  );
});

test('plain text is decoded without broken characters', async () => {
  const bytes = new TextEncoder().encode('Überall 🌍');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (offsets) => {
      expect(await read('text/plain', ...splitBytes(bytes, offsets))).toEqual(['Überall 🌍']);
    }),
  );
});

test.each([
  ['{"result":"a"}', 'a'],
  ['{"response":"b"}', 'b'],
  ['{"output":"c"}', 'c'],
  ['{"message":"d"}', 'd'],
  ['"e"', 'e'],
  // The model's last message, as Strands agents return it.
  ['{"result":{"role":"assistant","content":[{"text":"f"},{"text":"g"}]}}', 'fg'],
  ['{"rows":[1]}', '{\n  "rows": [\n    1\n  ]\n}'],
  ['{"result":{"content":[{"image":{}}]}}', /"image"/],
  ['[1,2]', '[\n  1,\n  2\n]'],
  ['42', '42'],
  ['{"broken', '{"broken'],
])('JSON %s is shown as its text, or as JSON if it has none', async (json, expected) => {
  const [shown] = await read('application/json', json.slice(0, 3), json.slice(3));
  if (typeof expected === 'string') expect(shown).toBe(expected);
  else expect(shown).toMatch(expected);
});

test.each([
  [{ result: { message: 'hi' }, total: 3 }, 1],
  [{ result: { message: 'hi', score: 0.5 }, total: 3, took: [1] }, 3],
  [{ result: { role: 'assistant', content: [{ text: 'hi' }] }, error: null }, undefined],
  [{ type: 'answer', response: 'hi', notes: [], more: '' }, undefined],
])('the answer %j reports how many of its fields are not shown', async (json, leftOut) => {
  const events = await readEvents('application/json', JSON.stringify(json));
  expect(events).toEqual([
    { type: 'text', text: 'hi' },
    ...(leftOut === undefined
      ? []
      : [{ type: 'data', json: JSON.stringify(json, null, 2), leftOut }]),
  ]);
});

test('the events of a stream do not report their other fields', async () => {
  const events = ['{"text":"a","index":0}', '{"text":"b","index":1}'];
  const stream = events.map((data) => `data: ${data}\n\n`).join('');
  expect(await read('text/event-stream', stream)).toEqual(['ab']);
});

test('a JSON-RPC error is a failure, whatever the status', async () => {
  const refusal = { jsonrpc: '2.0', id: 1, error: { code: -32010, message: 'it crashed' } };
  expect(await read('application/json', JSON.stringify(refusal))).toEqual([
    'JSON-RPC error -32010! it crashed',
  ]);
  const result = { jsonrpc: '2.0', id: 1, result: 'fine' };
  expect(await read('application/json', JSON.stringify(result))).toEqual(['fine']);
});

test('an empty answer shows nothing', async () => {
  expect(await read('text/event-stream')).toEqual([]);
  expect(await read('text/plain')).toEqual([]);
  expect(await read('application/json')).toEqual([]);
});
