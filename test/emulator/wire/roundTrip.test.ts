import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { operations, type Operation } from '../../../emulator/wire/operations.ts';
import type { StreamingBody } from '../../../emulator/wire/streamingBody.ts';
import { createSampler, type Sampler } from './samples.ts';
import { useWire } from './useWire.ts';

type Values = Record<string, unknown>;
type SdkBody = { transformToByteArray(): Promise<Uint8Array> };

const EVENT_STREAM = 'application/vnd.amazon.eventstream';

expect.addEqualityTesters([
  (a, b) =>
    a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : undefined,
]);

test('the wire knows the 67 operations of the data plane and the 171 of the control plane', () => {
  const planes = Object.groupBy(operations.values(), ({ plane }) => plane);
  expect(planes.data).toHaveLength(67);
  expect(planes.control).toHaveLength(171);
  expect(operations.size).toBe(238);
});

test.for([...operations.values()])(
  '$name brings every member of its input and output across the wire unchanged',
  async (operation) => {
    const { name, plane, input, output } = operation;
    let received: Values | undefined;
    let answer: Values = {};
    const { send, log } = await useWire({
      [name](input) {
        received = input;
        return withStream(operation, answer);
      },
    });
    const warn = vi.spyOn(console, 'warn');
    onTestFinished(() => warn.mockRestore());

    async function exchange(sampleIn: Sampler, sampleOut: Sampler): Promise<void> {
      received = undefined;
      const sent = sampleIn.value(input) as Values;
      answer = sampleOut.value(output) as Values;
      // All events have the same framing, whatever content type the operation sets.
      if (streamOf(operation)?.of === 'events') answer['contentType'] &&= EVENT_STREAM;
      const returned = await send(name, sent);
      expect(withoutFilled(operation, received, sent)).toEqual(sent);
      expect(await readStream(operation, returned)).toEqual({
        $metadata: expect.anything(),
        ...answer,
      });
    }
    await exchange(
      createSampler(`minimal input of ${name}`, { plane, full: false }),
      createSampler(`minimal output of ${name}`, { full: false }),
    );
    const fullIn = createSampler(`full input of ${name}`, { plane, full: true });
    const fullOut = createSampler(`full output of ${name}`, { full: true });
    // A union has one member at a time, so covering all members takes several samples.
    const missing = () => [...fullIn.uncovered(input), ...fullOut.uncovered(output)];
    for (let turn = 0; turn < 2 || (turn < 40 && missing().length > 0); turn++) {
      await exchange(fullIn, fullOut);
    }
    expect(missing()).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
    expect(log).toEqual([]);
  },
);

function streamOf({ output }: Operation): { name: string; of: 'bytes' | 'events' } | undefined {
  for (const [name, schema] of output.structIterator()) {
    if (schema.isStreaming()) return { name, of: schema.isBlobSchema() ? 'bytes' : 'events' };
  }
  return undefined;
}

// Replaces a sample's streaming member with a stream of its value, as handlers return it.
function withStream(operation: Operation, answer: Values): Values {
  const streaming = streamOf(operation);
  if (!streaming) return answer;
  const { name, of } = streaming;
  if (of === 'events') return { ...answer, [name]: Readable.from(answer[name] as Values[]) };
  const body: StreamingBody = {
    stream: Readable.from([answer[name]]),
    headers: {},
    abandoned() {},
  };
  return { ...answer, [name]: body };
}

async function readStream(operation: Operation, returned: Values): Promise<Values> {
  const streaming = streamOf(operation);
  if (!streaming) return returned;
  const { name, of } = streaming;
  if (of === 'bytes') {
    return { ...returned, [name]: await (returned[name] as SdkBody).transformToByteArray() };
  }
  const events: Values[] = [];
  for await (const event of returned[name] as AsyncIterable<Values>) events.push(event);
  return { ...returned, [name]: events };
}

// Removes the tokens and body types that the SDK sets when the caller does not.
function withoutFilled({ input }: Operation, received: Values | undefined, sent: Values): Values {
  const filled: [name: string, undefined][] = [];
  for (const [name, member] of input.structIterator()) {
    const isType = member.getMergedTraits().httpHeader === 'Content-Type';
    if (sent[name] !== undefined || !(isType || member.isIdempotencyToken())) continue;
    expect(received?.[name]).toMatch(isType ? /^application\// : /^[0-9a-f-]{36}$/);
    filled.push([name, undefined]);
  }
  return { ...received, ...Object.fromEntries(filled) };
}
