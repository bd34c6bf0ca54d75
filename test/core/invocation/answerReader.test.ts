import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, formatEvent, readEvents } from '../../support/answers.ts';

/** What an answer that arrives in these pieces is read to. */
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
    'a failure of the Python SDK’s, which is the last',
    'data: "so far"\n\ndata: {"error":"boom\\nTraceback","error_type":"ValueError","message":"An error occurred during streaming"}\n\ndata: "never"\n\n',
    ['so far', 'ValueError! boom\nTraceback'],
  ],
  [
    'a failure of the TypeScript SDK’s',
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
  ['data that is no JSON', 'data: plain words\n\n', ['plain words']],
  ['data that holds no words', 'data: {"step":1}\n\n', ['{\n  "step": 1\n}']],
])('an event stream with %s reads the same however it is cut', async (_name, stream, expected) => {
  const bytes = new TextEncoder().encode(stream);
  expect(await read('text/event-stream; charset=utf-8', bytes)).toEqual(expected);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (places) => {
      expect(await read('text/event-stream', ...cut(bytes, places))).toEqual(expected);
    }),
  );
});

test('any words come through an event stream unchanged, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' })),
      fc.array(fc.nat()),
      async (graphemes, places) => {
        // One that begins with the one before would be the same text, grown; tags are not words.
        const words = graphemes.map((word, index) => `${index}${word.replaceAll('<', '')}`);
        const stream = words.map((word) => `data: ${JSON.stringify(word)}\n\n`).join('');
        const pieces = cut(new TextEncoder().encode(stream), places);
        expect((await read('text/event-stream', ...pieces)).join('')).toBe(words.join(''));
      },
    ),
  );
});

test('plain text comes as it arrives, with no character broken', async () => {
  const bytes = new TextEncoder().encode('Überall 🌍');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (places) => {
      expect(await read('text/plain', ...cut(bytes, places))).toEqual(['Überall 🌍']);
    }),
  );
});

test.each([
  ['{"result":"a"}', 'a'],
  ['{"response":"b"}', 'b'],
  ['{"output":"c"}', 'c'],
  ['{"message":"d"}', 'd'],
  ['"e"', 'e'],
  // What Strands agents return: their model's last message.
  ['{"result":{"role":"assistant","content":[{"text":"f"},{"text":"g"}]}}', 'fg'],
  ['{"rows":[1]}', '{\n  "rows": [\n    1\n  ]\n}'],
  ['{"result":{"content":[{"image":{}}]}}', /"image"/],
  ['[1,2]', '[\n  1,\n  2\n]'],
  ['42', '42'],
  ['{"broken', '{"broken'],
])('of the JSON %s a person is shown the words, or else the JSON', async (json, expected) => {
  const [shown] = await read('application/json', json.slice(0, 3), json.slice(3));
  if (typeof expected === 'string') expect(shown).toBe(expected);
  else expect(shown).toMatch(expected);
});

test.each([
  [{ result: { message: 'hi' }, total: 3 }, 1],
  [{ result: { message: 'hi', score: 0.5 }, total: 3, took: [1] }, 3],
  [{ result: { role: 'assistant', content: [{ text: 'hi' }] }, error: null }, undefined],
  [{ type: 'answer', response: 'hi', notes: [], more: '' }, undefined],
])('of the JSON %j it is told how much of it are not the words', async (json, leftOut) => {
  const events = await readEvents('application/json', JSON.stringify(json));
  expect(events).toEqual([
    { type: 'text', text: 'hi' },
    ...(leftOut === undefined
      ? []
      : [{ type: 'data', json: JSON.stringify(json, null, 2), leftOut }]),
  ]);
});

test('of a stream’s events it is not', async () => {
  const events = ['{"text":"a","index":0}', '{"text":"b","index":1}'];
  const stream = events.map((data) => `data: ${data}\n\n`).join('');
  expect(await read('text/event-stream', stream)).toEqual(['ab']);
});

test('what JSON-RPC refuses is a failure, whatever the status', async () => {
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
