import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitBytes, formatEvent, readEvents } from '../../support/answers.ts';

/** Reads an answer, and checks that splitting it makes no difference. */
async function read(contentType: string, text: string): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const whole = (await readEvents(contentType, bytes)).map(formatEvent);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (offsets) => {
      const pieces = splitBytes(bytes, offsets);
      expect((await readEvents(contentType, ...pieces)).map(formatEvent)).toEqual(whole);
    }),
    { examples: [[[...bytes.keys()]]], numRuns: 20 },
  );
  return whole;
}

test.each([
  'id: 42\nname: Bob\n',
  'event: the party starts at eight\nwhere: my house\n',
  'retry: nobody',
  'id: 1\n\nid: 2\n',
  'data is here',
  '[[wiki]] says\n\nhello\n',
  '[1] says',
])('text that starts like another format is read as text: %j', async (text) => {
  expect(await read('text/plain', text)).toEqual([text]);
});

test.each([
  'id: 42\nevent: message\n: a comment\n\ndata: "a"\n\n',
  'retry: 5\r\ndata: "a"\r\n\r\n',
])('server-sent events with another content type are read as events: %j', async (text) => {
  expect(await read('text/plain', text)).toEqual(['a']);
});

test.each([
  ['{"data": "bro\n{"data":"Hel"}\n{"data":"lo"}\n', ['{"data": "bro\nHello']],
  ['{"data":"Hel"}\n{"data": "bro\n{"data":"lo"}\n', ['Hel{"data": "bro\nlo']],
  ['{\n  "a": 1\n}\n', ['{\n  "a": 1\n}']],
  ['[\n{"a": 1}\n]\n', ['[\n  {\n    "a": 1\n  }\n]']],
  ['{"a": 1', ['{"a": 1']],
])('only the invalid line among JSON lines is shown unchanged: %j', async (text, shown) => {
  expect(await read('application/x-ndjson', text)).toEqual(shown);
});

test('numbers beyond JavaScript’s precision are shown as the agent sent them', async () => {
  const order =
    '{"orderId": 9007199254740993, "balance": 1.10, "huge": 1e999, "at": 1732190000.123456}';
  const formatted =
    '{\n  "orderId": 9007199254740993,\n  "balance": 1.1,\n  "huge": 1e999,\n  "at": 1732190000.123456\n}';
  expect(await read('application/json', order)).toEqual([formatted]);
  const use = (input: string) => `{"type":"tool_use","name":"t","id":"1","input":${input}}\n`;
  expect(await read('application/x-ndjson', use(order))).toEqual([
    '1 = t',
    '1 < {"orderId":9007199254740993,"balance":1.1,"huge":1e999,"at":1732190000.123456}',
  ]);
  expect(await read('application/json', '123456789012345678901234567890')).toEqual([
    '123456789012345678901234567890',
  ]);
  const literal = `data: "{'type': 'tool_use', 'id': '1', 'input': {'orderId': 9007199254740993}}"\n\n`;
  expect(await read('text/event-stream', literal)).toEqual([
    '1 = tool',
    '1 < {"orderId":9007199254740993}',
  ]);
});

test('names of JavaScript’s own properties have no effect', async () => {
  const stop = '{"messageStop":{"stopReason":"constructor"}}\n{"data":"b"}\n';
  expect(await read('application/x-ndjson', stop)).toEqual(['b']);
  const message = '{"type":"constructor","content":"words","tool_calls":[]}\n';
  expect(await read('application/x-ndjson', message)).toEqual(['words']);
  const called = `data: "{'result': constructor, 'text': 'x'}"\n\n`;
  expect(await read('text/event-stream', called)).toEqual([expect.stringContaining('constructor')]);
});

const MEMBERS = `type object id name status stopReason subtype event data message messages content role
  error errors code jsonrpc result kind state parts item output toolUseId lc kwargs usage num_turns
  session_id item_id response choices rawItem artifact status-update metadata tool_calls run_id`;

const NAMES = `message run_item_stream_event response.output_item.done response.completed multiagent_x
  tool_result tool_use status-update result MESSAGES_SNAPSHOT messageStop 2.0 user assistant on_tool_error
  response raw_response_event modelMessageStopEvent error ai`;

test('any JSON is read as an event', async () => {
  const odd = fc.constantFrom({ toString: 1, valueOf: 1 }, [{ toString: null }], null, 7);
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      odd,
      fc.constantFrom(...NAMES.split(/\s+/)),
      fc.dictionary(fc.constantFrom(...MEMBERS.split(/\s+/)), tie('json'), { maxKeys: 6 }),
      fc.array(tie('json'), { maxLength: 2 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      const line = `data: ${JSON.stringify(value)}\n\n`;
      const read = await readEvents('text/event-stream', line, 'data: "b"\n\n');
      // The next event is read too, except after a failure.
      expect(read.at(-1)?.type).toMatch(/^(?:text|failure|notice)$/);
    }),
    { numRuns: 2_000 },
  );
});
