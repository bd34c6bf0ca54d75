import { expect, test } from 'vitest';
import { formatEvent, readEvents } from '../../support/answers.ts';
import { readAnswer } from '../../../src/core/invocation/answerReader.ts';

const MEGABYTE = 1_000_000;

/** Generates an answer of `megabytes` between a start and an end. */
function answer(start: string, content: string, megabytes: number, end: string) {
  const encoder = new TextEncoder();
  const piece = encoder.encode(content.repeat(MEGABYTE / content.length));
  return (async function* body() {
    yield encoder.encode(start);
    for (let count = 0; count < megabytes; count += 1) yield piece;
    yield encoder.encode(end);
  })();
}

/** Reads an answer; returns what is shown and the peak memory in megabytes. */
async function readHuge(contentType: string, body: AsyncIterable<Uint8Array>) {
  const before = process.memoryUsage().rss;
  let peak = 0;
  async function* measured() {
    for await (const bytes of body) {
      peak = Math.max(peak, process.memoryUsage().rss - before);
      yield bytes;
    }
  }
  const shown: string[] = [];
  for await (const event of readAnswer({ contentType, body: measured() })) {
    shown.push(formatEvent(event));
  }
  return { shown, memory: peak / MEGABYTE };
}

test.each([
  // Longer than the longest string of V8.
  ['a line', 600, 'text/event-stream', 'data: "a"\n\ndata: "', 'x', '"\n\ndata: "b"\n\n'],
  [
    'an event',
    200,
    'text/event-stream',
    'data: "a"\n\n',
    `data: ${'x'.repeat(993)}\n`,
    '\n\ndata: "b"\n\n',
  ],
  ['a line of JSON', 200, 'application/x-ndjson', '"a"\n"', 'x', '"\n"b"\n'],
])(
  '%s of %d MB is dropped, and the next event is read',
  async (_name, megabytes, type, start, fill, end) => {
    const { shown, memory } = await readHuge(type, answer(start, fill, megabytes, end));
    expect(shown).toEqual([
      'a',
      expect.stringMatching(
        /^notice: An event of (?:600|19\d\.\d|200) million characters is not shown/,
      ),
      'b',
    ]);
    expect(memory).toBeLessThan(300);
  },
);

test('endless text is cut at a limit, with a notice', async () => {
  const { shown } = await readHuge('text/plain', answer('a', 'x', 100, 'b'));
  expect(shown.join('').length).toBeLessThan(1.1 * MEGABYTE);
  expect(shown.at(-1)).toBe('notice: The answer is too long: 99 million characters are not shown.');
});

test('the number and length of tool uses are limited', async () => {
  const value = (id: number, length: number) =>
    `data: ${JSON.stringify({ type: 'tool_use', id: `t${id}`, name: 'add', input: 'x'.repeat(length) })}\n\n`;
  const events = await readEvents(
    'text/event-stream',
    value(0, 200_000),
    'data: {"type":"tool_result","id":"t0","result":"ok"}\n\n',
    ...Array.from({ length: 2100 }, (_, id) => value(id + 1, 1)),
  );
  expect(events.filter(({ type }) => type === 'tool')).toHaveLength(2000);
  expect(formatEvent(events[1]!)).toMatch(/^t0 < x{100000}… and 100,000 characters more$/);
  expect(formatEvent(events[2]!)).toBe('t0 > ok');
  expect(formatEvent(events.at(-1)!)).toBe(
    'notice: The answer is too long: 101 parts are not shown.',
  );
});

test.each([
  [
    'application/octet-stream',
    'PNG\0\0\u{1}',
    ['PNG', 'notice: The answer is not text: 3 characters are not shown.'],
  ],
  ['image/png', 'PNG', ['notice: The answer is not text: 3 characters are not shown.']],
])('binary content is not shown as text: %s', async (type, answer, read) => {
  expect((await readEvents(type, answer)).map(formatEvent)).toEqual(read);
});

test.each([
  ['{"a":', '{"a":'],
  ['[[[[[[', '[[[[[['],
  ['{"data":{"data":', '{"data":{"data":'],
  ["{'data': <broken", "{'data': <broken"],
  ['['.repeat(100_000), /^\[+$/],
])('invalid data is shown unchanged: %.20s', async (data, shown) => {
  const [first] = await readEvents('text/event-stream', `data: ${data}\n\ndata: "b"\n\n`);
  expect(formatEvent(first!)).toEqual(
    typeof shown === 'string' ? `${shown}b` : expect.stringMatching(/^\[+b$/),
  );
});

test('JSON that is nested a hundred thousand levels deep is read', async () => {
  const deep = `${'{"messages":['.repeat(50_000)}1${']}'.repeat(50_000)}`;
  const [first] = await readEvents('text/event-stream', `data: ${deep}\n\n`);
  expect(first).toMatchObject({ type: expect.stringMatching(/text|data/) });
});
