import { Readable } from 'node:stream';
import { expect } from 'vitest';
import type { Operation } from '../../../emulator/wire/operations.ts';
import type { StreamingBody } from '../../../emulator/wire/streamingBody.ts';

type Values = Record<string, unknown>;

/** True if the client streams an operation's input. The wire reads no such input. */
export function hasStreamedInput({ input: { payload } }: Operation): boolean {
  return payload?.schema.type === 'union' && payload.schema.isStreaming;
}

/** The streaming member of an operation's output, if it has one. */
export function findStream({
  output,
}: Operation): { name: string; of: 'bytes' | 'events' } | undefined {
  const { payload } = output;
  if (!payload?.schema.isStreaming) return undefined;
  return { name: payload.name, of: payload.schema.type === 'blob' ? 'bytes' : 'events' };
}

/** Replaces a sample's streaming member with a stream of its value, as handlers return it. */
export function withStream(operation: Operation, answer: Values): Values {
  const streaming = findStream(operation);
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

/** Removes the tokens and body types that SDKs set when the caller does not. */
export function withoutFilled(
  { input }: Operation,
  received: Values | undefined,
  sent: Values,
): Values {
  const filled: [name: string, undefined][] = [];
  for (const { name, wireName, isToken } of input.members.values()) {
    const isType = wireName === 'content-type';
    if (sent[name] !== undefined || !(isType || isToken)) continue;
    // boto3 sends no content type with raw bytes.
    if (isType && received?.[name] === undefined) continue;
    expect(received?.[name]).toMatch(isType ? /^application\// : /^[0-9a-f-]{36}$/);
    filled.push([name, undefined]);
  }
  return { ...received, ...Object.fromEntries(filled) };
}
