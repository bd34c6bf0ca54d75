import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { InvokeAgentRuntimeCommandStreamOutput } from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { WireError } from '../../../emulator/wire/errors.ts';
import type { StreamingBody } from '../../../emulator/wire/streamingBody.ts';
import { packages, useWire, type TestWire } from './useWire.ts';

const COMMAND = { agentRuntimeArn: 'agent', body: { command: 'ls' } };
const CHUNK = { chunk: { contentDelta: { stdout: 'README.md\n' } } };

type Events = AsyncIterable<InvokeAgentRuntimeCommandStreamOutput>;

/** A wire whose event stream comes from the given generator. */
async function useEvents(events: () => AsyncIterable<object>): Promise<{
  wire: TestWire;
  stream: AsyncIterator<object>;
}> {
  const wire = await useWire({
    InvokeAgentRuntimeCommand: () => ({ contentType: 'x', stream: events() }),
  });
  const { stream } = await wire.send('InvokeAgentRuntimeCommand', COMMAND);
  return { wire, stream: (stream as Events)[Symbol.asyncIterator]() };
}

test.for([
  'AccessDeniedException',
  'InternalServerException',
  'ResourceNotFoundException',
  'ServiceQuotaExceededException',
  'ThrottlingException',
  'ValidationException',
  'RuntimeClientError',
])('%s in the middle of an event stream is sent as a frame.', async (name) => {
  const { stream, wire } = await useEvents(async function* () {
    yield CHUNK;
    throw new WireError(name, 'that was all');
  });
  expect(await stream.next()).toEqual({ done: false, value: CHUNK });
  const error = await stream.next().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(packages.data[name]);
  expect(error).toMatchObject({ name, message: 'that was all' });
  expect(wire.log).toEqual([]);
});

test('An error before the first event is sent as a frame with all its members.', async () => {
  const opening = useEvents(async function* () {
    throw new WireError('ValidationException', 'not so', { reason: 'CannotParse' });
  });
  const error = await opening.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(packages.data['ValidationException']);
  expect(error).toMatchObject({ message: 'not so', reason: 'CannotParse' });
});

test('An unexpected error in an event stream is an internal error and is logged.', async () => {
  const failure = new TypeError('the shell is gone');
  const { stream, wire } = await useEvents(async function* () {
    yield CHUNK;
    throw failure;
  });
  await stream.next();
  await expect(stream.next()).rejects.toMatchObject({
    name: 'InternalServerException',
    message: 'The emulator failed: the shell is gone',
  });
  expect(wire.log).toEqual([`InvokeAgentRuntimeCommand: ${failure.stack}`]);
});

test('An error without a frame aborts the stream.', async () => {
  const { stream } = await useEvents(async function* () {
    yield CHUNK;
    throw new WireError('ConflictException', 'cannot be said here');
  });
  await stream.next();
  await expect(stream.next()).rejects.toThrow('aborted');
});

test('Events arrive one by one.', async () => {
  const next = Promise.withResolvers<void>();
  const { stream } = await useEvents(async function* () {
    yield CHUNK;
    await next.promise;
    yield CHUNK;
  });
  expect((await stream.next()).value).toEqual(CHUNK);
  next.resolve();
  expect((await stream.next()).value).toEqual(CHUNK);
  expect(await stream.next()).toMatchObject({ done: true });
});

test('A disconnect ends the source of an event stream.', async () => {
  const ended = Promise.withResolvers<string>();
  const { wire } = await useEvents(async function* () {
    try {
      for (;;) {
        yield CHUNK;
        await setTimeout(5);
      }
    } finally {
      ended.resolve('ended');
    }
  });
  const disconnecting = new AbortController();
  const { body } = await fetch(`${wire.url}/runtimes/agent/commands`, {
    method: 'POST',
    body: '{"command": "yes"}',
    signal: disconnecting.signal,
  });
  await body!.getReader().read();
  disconnecting.abort();
  expect(await ended.promise).toBe('ended');
});

test('Events are not started after the client has disconnected.', async () => {
  const disconnecting = new AbortController();
  let hasBegun = false;
  const { url, log, spans, raw } = await useWire({
    async InvokeAgentRuntimeCommand() {
      disconnecting.abort();
      // The next request is handled after the caller has disconnected.
      await raw('GET', '/nowhere');
      const stream = (async function* () {
        hasBegun = true;
        yield CHUNK;
      })();
      return { stream };
    },
  });
  const call = fetch(`${url}/runtimes/agent/commands`, {
    method: 'POST',
    body: '{"command": "ls"}',
    signal: disconnecting.signal,
  });
  await expect(call).rejects.toThrow('aborted');
  await expect.poll(() => spans).toHaveLength(2);
  await setTimeout(20);
  expect([hasBegun, log]).toEqual([false, []]);
});

interface SdkBody {
  transformToString(): Promise<string>;
  on(event: string, listener: () => void): void;
  destroy(): void;
}

/** A wire whose raw body the test writes. */
async function useBody(headers: StreamingBody['headers'] = {}) {
  const source = new PassThrough();
  onTestFinished(() => void source.destroy());
  const abandoned = Promise.withResolvers<void>();
  const body: StreamingBody = { stream: source, headers, abandoned: abandoned.resolve };
  const wire = await useWire({
    InvokeAgentRuntime: () => ({ contentType: 'text/plain', response: body }),
  });
  const { response } = await wire.send('InvokeAgentRuntime', {
    agentRuntimeArn: 'agent',
    payload: 'hello',
  });
  return { source, abandoned: abandoned.promise, received: response as SdkBody };
}

test('The headers of a raw body are sent before its first byte.', async () => {
  const { source, received } = await useBody();
  source.end('later');
  expect(await received.transformToString()).toBe('later');
});

test.for([
  ['fails', (source: PassThrough) => source.destroy(new Error('broken'))],
  ['closes early', (source: PassThrough) => source.destroy()],
] as const)('A raw body whose source %s does not look complete.', async ([, end]) => {
  const { source, received } = await useBody();
  source.write('half of');
  const whole = received.transformToString();
  void setTimeout(20).then(() => end(source));
  await expect(whole).rejects.toThrow('aborted');
});

test('A disconnect abandons a raw body without destroying it.', async () => {
  const { source, received, abandoned } = await useBody();
  source.write('half of');
  received.on('data', () => received.destroy());
  await abandoned;
  expect(source.destroyed).toBe(false);
});
