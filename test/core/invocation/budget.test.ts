import { expect, test } from 'vitest';
import { createRawLog } from '../../../src/core/chat/turns/rawLog.ts';
import { readAnswer } from '../../../src/core/invocation/answerReader.ts';
import type { StreamEvent, ContentEvent } from '../../../src/core/invocation/answer.ts';
import { createFrameReader } from '../../../src/core/invocation/frameReader.ts';
import type { Frame } from '../../../src/core/invocation/framing/frame.ts';
import { formatEvent, readEvents, applyEvents } from '../../support/answers.ts';
import { measureHeapMegabytes } from '../../support/heap.ts';

const NDJSON = 'application/x-ndjson';

/** Generates lines of JSON, one at a time. */
async function* lines(count: number, line: (index: number) => object) {
  for (let index = 0; index < count; index += 1) {
    yield Buffer.from(`${JSON.stringify(line(index))}\n`);
  }
}

/** Reads an answer; returns its last event, and the megabytes it held at `halfway`. */
async function measureRead(body: AsyncIterable<Uint8Array>, halfway: number) {
  const before = measureHeapMegabytes();
  let held = 0;
  let count = 0;
  let last: ContentEvent | undefined;
  async function* counted() {
    for await (const bytes of body) {
      count += 1;
      if (count === halfway) held = measureHeapMegabytes() - before;
      yield bytes;
    }
  }
  for await (const event of readAnswer({ contentType: NDJSON, body: counted() })) last = event;
  return { held, last: formatEvent(last!) };
}

test('JSON of unknown shape is cut at a limit, with a notice', async () => {
  const body = lines(120, (index) => ({ index, blob: 'x'.repeat(95_000) }));
  const events = [];
  for await (const event of readAnswer({ contentType: NDJSON, body })) events.push(event);
  const { parts } = applyEvents(events);
  expect(JSON.stringify(parts).length).toBeLessThan(2_200_000);
  expect(parts.at(-1)).toEqual({
    type: 'notice',
    text: expect.stringMatching(
      /^The answer is too long: .* characters and 98 parts are not shown\.$/,
    ),
  });
});

test('large tool results do not use up the limit of the text', async () => {
  const used = Array.from({ length: 100 }, (_, id) => {
    const use = { type: 'tool_use', id: `${id}`, name: 't'.repeat(1_000), input: { id } };
    const result = { type: 'tool_result', id: `${id}`, result: 'x'.repeat(60_000) };
    return `${JSON.stringify(use)}\n${JSON.stringify(result)}\n`;
  });
  const { parts } = applyEvents(await readEvents(NDJSON, ...used, '{"data":"The text."}\n'));
  expect(parts).toHaveLength(102);
  expect(parts[0]).toMatchObject({ name: `${'t'.repeat(200)}…`, result: { failed: false } });
  expect(JSON.stringify(parts).length).toBeLessThan(2_200_000);
  expect(parts.slice(-2)).toEqual([
    { type: 'text', text: 'The text.' },
    {
      type: 'notice',
      text: expect.stringMatching(/^The answer is too long: 4 million characters/),
    },
  ]);
});

test('endless arguments and messages are not kept in memory', async () => {
  const piece = 'x'.repeat(1_000_000);
  const start = { toolUse: { toolUseId: '1', name: 't' } };
  const args = lines(40, (index) =>
    index === 0
      ? { contentBlockStart: { start, contentBlockIndex: 0 } }
      : { contentBlockDelta: { delta: { toolUse: { input: piece } }, contentBlockIndex: 0 } },
  );
  const { held, last } = await measureRead(args, 35);
  expect(held).toBeLessThan(17);
  expect(last).toBe('1 < … and 38.9 million characters more');

  const artifacts = lines(40, (index) => ({
    jsonrpc: '2.0',
    result: {
      artifactUpdate: { append: true, artifact: { artifactId: index, parts: [{ text: piece }] } },
    },
  }));
  expect((await measureRead(artifacts, 35)).held).toBeLessThan(17);

  const messages = lines(40, (index) => ({
    type: 'AIMessageChunk',
    id: `m${index}`,
    content: piece,
    response_metadata: {},
  }));
  expect((await measureRead(messages, 35)).held).toBeLessThan(17);
});

test('an answer is read up to a limit, with a notice', async () => {
  const body = lines(103, () => ({ blob: 'x'.repeat(999_989) }));
  const { last } = await measureRead(body, 0);
  expect(last).toBe(
    'notice: The answer exceeds 100 million characters of events. The last 3 million characters were not read.',
  );
});

test('an answer that was cut does not reduce the limit of the next one', () => {
  const reader = createFrameReader();
  const frame: Frame = { type: 'text', text: 'x'.repeat(3_000_000) };
  const formatPart = (events: StreamEvent[]) =>
    events.map((event) => formatEvent(event as ContentEvent));
  for (let turn = 0; turn < 2; turn += 1) {
    expect(formatPart(reader.read([frame])).join('')).toHaveLength(1_000_000);
    expect(formatPart(reader.end())).toEqual([
      'notice: The answer is too long: 2 million characters are not shown.',
    ]);
  }
  expect(reader.end()).toEqual([]);
});

test('the message of a failure is cut at a limit', async () => {
  const failure = { error: 'x'.repeat(200_000), error_type: 'ValueError' };
  const [event] = await readEvents('text/event-stream', `data: ${JSON.stringify(failure)}\n\n`);
  expect(formatEvent(event!)).toMatch(/^ValueError! x{100000}… and 100,000 characters more$/);
});

test('raw events in the log do not keep the chunks that they came from', () => {
  const before = measureHeapMegabytes();
  const log = createRawLog();
  for (let index = 0; index < 30; index += 1) {
    const chunk = Buffer.from(`${index}`.padEnd(3_000_000, 'x')).toString();
    const frame: Frame = { type: 'event', name: undefined, data: chunk.slice(1), cut: 0 };
    log.recordFrame(frame, 0);
  }
  expect(measureHeapMegabytes() - before).toBeLessThan(45);
  expect(log.read().first).toHaveLength(30);
});

test('the usage of fifty thousand calls is summed', async () => {
  const { last } = await measureRead(
    lines(50_000, () => ({ usage: { inputTokens: 1, outputTokens: 2 } })),
    0,
  );
  expect(last).toBe('usage: {"inputTokens":50000,"outputTokens":100000}');
});

test('reading an answer without pauses does not block the event loop', async () => {
  let hasRun = false;
  setImmediate(() => (hasRun = true));
  let read = 0;
  async function* body() {
    while (!hasRun && read < 100) {
      read += 1;
      yield Buffer.alloc(600_000, 'x');
    }
  }
  for await (const event of readAnswer({ contentType: 'text/plain', body: body() })) void event;
  expect(read).toBeLessThan(10);
});
