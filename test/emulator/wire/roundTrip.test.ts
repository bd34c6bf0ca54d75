import type { NormalizedSchema } from '@smithy/core/schema';
import { expect, onTestFinished, test, vi } from 'vitest';
import { formerRoutes, operations, type Operation } from '../../../emulator/wire/operations.ts';
import type { Member, Schema } from '../../../src/shared/awsModel/schema.ts';
import { createSampler, type Sampler } from './samples.ts';
import { findStream, hasStreamedInput, withoutFilled, withStream } from './sampleMessages.ts';
import { isInSdk, sdkSchemas, useWire, type TestWire } from './useWire.ts';

type Values = Record<string, unknown>;
type SdkBody = { transformToByteArray(): Promise<Uint8Array> };

const EVENT_STREAM = 'application/vnd.amazon.eventstream';

expect.addEqualityTesters([
  (a, b) =>
    a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : undefined,
]);

test('The wire knows the 75 operations of the data plane and the 175 of the control plane, and 11 of Bedrock Runtime.', () => {
  const planes = Object.groupBy(operations.values(), ({ plane }) => plane);
  expect(planes.data).toHaveLength(75);
  expect(planes.control).toHaveLength(175);
  expect(planes.models).toHaveLength(11);
});

const all = [...operations.values()].filter((operation) => !hasStreamedInput(operation));

test.for(all)(
  '$name carries every member of its input and output unchanged.',
  async (operation) => {
    const missing = await exchangeSamples(
      operation,
      ({ send }) => send,
      () => true,
    );
    expect(missing).toEqual([]);
  },
);

// Their routes moved. The installed SDK sends them to the old ones.
const moved = new Set(formerRoutes.map(({ name }): string => name));

test.for(all.filter((operation) => isInSdk(operation) && !moved.has(operation.name)))(
  '$name carries every member that the unmodified SDK knows.',
  async (operation) => {
    const known = sdkMembers(operation);
    const missing = await exchangeSamples(
      operation,
      ({ sendUnmodified }) => sendUnmodified,
      (member) => known.has(member),
    );
    expect(missing).toEqual([]);
  },
);

/** Exchanges samples until every member was sent, and returns those that no sample had. */
async function exchangeSamples(
  operation: Operation,
  sender: (wire: TestWire) => TestWire['send'],
  has: (member: Member) => boolean,
): Promise<string[]> {
  const { name, input, output } = operation;
  let received: Values | undefined;
  let answer: Values = {};
  const wire = await useWire({
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
    if (findStream(operation)?.of === 'events') answer['contentType'] &&= EVENT_STREAM;
    const returned = await sender(wire)(name, sent);
    expect(withoutFilled(operation, received, sent)).toEqual(sent);
    expect(await readStream(operation, returned)).toEqual({
      $metadata: expect.anything(),
      ...answer,
    });
  }
  await exchange(
    createSampler(`minimal input of ${name}`, { full: false, has }),
    createSampler(`minimal output of ${name}`, { full: false, has, constrained: false }),
  );
  const fullIn = createSampler(`full input of ${name}`, { full: true, has });
  const fullOut = createSampler(`full output of ${name}`, { full: true, has, constrained: false });
  // A union has one member at a time, so covering all members takes several samples.
  const missing = () => [...fullIn.uncovered(input), ...fullOut.uncovered(output)];
  for (let turn = 0; turn < 2 || (turn < 40 && missing().length > 0); turn++) {
    await exchange(fullIn, fullOut);
  }
  expect(warn).not.toHaveBeenCalled();
  expect(wire.log).toEqual([]);
  return missing();
}

async function readStream(operation: Operation, returned: Values): Promise<Values> {
  const streaming = findStream(operation);
  if (!streaming) return returned;
  const { name, of } = streaming;
  if (of === 'bytes') {
    return { ...returned, [name]: await (returned[name] as SdkBody).transformToByteArray() };
  }
  const events: Values[] = [];
  for await (const event of returned[name] as AsyncIterable<Values>) events.push(event);
  return { ...returned, [name]: events };
}

/** The members below an operation that the installed SDK's own schemas have. */
function sdkMembers(operation: Operation): ReadonlySet<Member> {
  const known = new Set<Member>();
  function walk(sdkSchema: NormalizedSchema, schema: Schema): void {
    if (sdkSchema.isListSchema() || sdkSchema.isMapSchema()) {
      return walk(sdkSchema.getValueSchema(), schema.each);
    }
    if (!sdkSchema.isStructSchema()) return;
    for (const [name, sdkMember] of sdkSchema.structIterator()) {
      const member = schema.members.get(name)!;
      if (known.has(member)) continue;
      known.add(member);
      walk(sdkMember, member.schema);
    }
  }
  const [input, output] = sdkSchemas(operation);
  walk(input, operation.input);
  walk(output, operation.output);
  return known;
}
