import { expect, test, vi } from 'vitest';
import { operations, type Operation } from '../../../emulator/wire/operations.ts';
import { findStream, hasStreamedInput, withoutFilled, withStream } from './sampleMessages.ts';
import { createSampler } from './samples.ts';
import { useWire, type Handler } from './useWire.ts';
import { runPython } from '../../support/python.ts';

type Values = Readonly<Record<string, unknown>>;

// Calls each operation with its inputs, and prints the outputs. Times and bytes are tagged in JSON.
const PROGRAM = `
import base64, datetime, json, sys
import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.eventstream import EventStream
from botocore.response import StreamingBody

UTC = datetime.timezone.utc

def decode(value):
    if "$time" in value:
        return datetime.datetime.fromtimestamp(value["$time"] / 1000, UTC)
    return base64.b64decode(value["$bytes"]) if "$bytes" in value else value

def encode(value):
    if isinstance(value, datetime.datetime):
        return {"$time": round(value.timestamp() * 1000)}
    if isinstance(value, StreamingBody):
        value = value.read()
    if isinstance(value, EventStream):
        return list(value)
    return {"$bytes": base64.b64encode(value).decode()}

config = Config(retries={"total_max_attempts": 1})
services = {
    "data": "bedrock-agentcore",
    "control": "bedrock-agentcore-control",
    "models": "bedrock-runtime",
}
clients = {plane: boto3.client(name, config=config) for plane, name in services.items()}
outputs = []
for plane, name, input in json.load(sys.stdin, object_hook=decode):
    output = getattr(clients[plane], xform_name(name))(**input)
    output.pop("ResponseMetadata")
    outputs.append(json.loads(json.dumps(output, default=encode)))
print(json.dumps(outputs))
`;

vi.setConfig({ testTimeout: 120_000 });

test('boto3 exchanges samples of all operations.', async () => {
  const calls = [...operations.values()]
    .filter((operation) => !hasStreamedInput(operation))
    .flatMap(sampleCalls);
  const received: Values[] = [];
  const samplesOf = Map.groupBy(calls, ({ operation }) => operation.name);
  const handlers = Array.from(samplesOf, ([name, samples]) => [
    name,
    (input: Values) => {
      received.push(input);
      const { operation, output } = samples.shift()!;
      return withStream(operation, output);
    },
  ]);
  const wire = await useWire(Object.fromEntries(handlers) as Record<string, Handler>);
  const lines = calls.map(({ operation: { plane, name }, input }) => [plane, name, input]);
  const printed = await runPython<Values[]>(wire.url, PROGRAM, [], JSON.stringify(tag(lines)));
  for (const [index, { operation, input, output }] of calls.entries()) {
    expect.soft(printed[index], operation.name).toEqual(tag(output));
    const sent = withoutFilled(operation, received[index], input);
    expect.soft(tag(sent), operation.name).toEqual(tag(input));
  }
  expect(wire.log).toEqual([]);
});

interface Call {
  readonly operation: Operation;
  readonly input: Values;
  readonly output: Values;
}

function sampleCalls(operation: Operation): Call[] {
  const { name } = operation;
  return [false, true, true].map((full, index) => {
    const [input, output] = (['input', 'output'] as const).map((side) => {
      const sampler = createSampler(`${index} ${side} of ${name}`, {
        full,
        constrained: side === 'input',
      });
      return sampler.value(operation[side]) as Record<string, unknown>;
    });
    // All events have the same framing, whatever content type the operation sets.
    if (output!['contentType'] && findStream(operation)?.of === 'events') {
      output!['contentType'] = 'application/vnd.amazon.eventstream';
    }
    return { operation, input: input!, output: output! };
  });
}

/** Replaces times and bytes, which JSON cannot represent. */
function tag(value: unknown): unknown {
  if (value instanceof Date) return { $time: value.getTime() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(tag);
  if (typeof value !== 'object' || value === null) return value;
  const defined = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(defined.map(([key, item]) => [key, tag(item)]));
}
