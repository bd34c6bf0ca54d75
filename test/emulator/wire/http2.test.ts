import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WireError } from '../../../emulator/wire/errors.ts';
import type { StreamingBody } from '../../../emulator/wire/streamingBody.ts';
import { useWire, type Handler, type TestWire } from './useWire.ts';

const INVOKE = '/runtimes/agent/invocations';
const COMMAND = '/runtimes/agent/commands';
const CHUNK = { chunk: { contentDelta: { stdout: 'README.md\n' } } };

async function useHttp2(
  handlers: Readonly<Record<string, Handler>>,
): Promise<{ session: ClientHttp2Session; wire: TestWire }> {
  const wire = await useWire(handlers);
  const session = connect(wire.url);
  onTestFinished(() => session.destroy());
  return { session, wire };
}

function post(session: ClientHttp2Session, path: string): ClientHttp2Stream {
  return session.request({ ':method': 'POST', ':path': path });
}

/** A handler whose raw body the test writes. */
function rawBody(): {
  handle: () => object;
  source: PassThrough;
  abandoned: Promise<string>;
} {
  const source = new PassThrough();
  onTestFinished(() => void source.destroy());
  const abandoned = Promise.withResolvers<string>();
  const response: StreamingBody = {
    stream: source,
    headers: {},
    abandoned: () => abandoned.resolve('abandoned'),
  };
  return { handle: () => ({ response }), source, abandoned: abandoned.promise };
}

test('Responses and errors are the same over HTTP/2.', async () => {
  const { session, wire } = await useHttp2({ CreateABTest: () => ({}) });
  for (const [path, status, body] of [
    [INVOKE, 501, /^\{"message":"InvokeAgentRuntime is not emulated/],
    ['/nowhere', 404, /^\{"message":"POST \/nowhere is not an operation/],
    ['/ab-tests', 400, /^\{"message":"\d validation errors detected/],
  ] as const) {
    const stream = post(session, path).end('{}');
    const [headers] = await once(stream, 'response');
    expect(headers).toMatchObject({
      ':status': status,
      'x-amzn-requestid': wire.spans.at(-1)!.requestId,
    });
    expect(await text(stream)).toMatch(body);
  }
});

test.for([
  ['fails', (source: PassThrough) => source.destroy(new Error('broken'))],
  ['closes early', (source: PassThrough) => source.destroy()],
] as const)('A raw body whose source %s does not look complete.', async ([, end]) => {
  const { handle, source } = rawBody();
  const { session } = await useHttp2({ InvokeAgentRuntime: handle });
  const stream = post(session, INVOKE).end('{}');
  source.write('half of');
  await once(stream, 'data');
  end(source);
  await expect(text(stream)).rejects.toThrow('NGHTTP2_INTERNAL_ERROR');
  expect(session.closed).toBe(false);
});

test('An interrupted event stream does not look complete.', async () => {
  const { session } = await useHttp2({
    InvokeAgentRuntimeCommand: () => ({
      stream: (async function* () {
        yield CHUNK;
        throw new WireError('ConflictException', 'cannot be said here');
      })(),
    }),
  });
  const stream = post(session, COMMAND).end('{"command": "ls"}');
  await expect(text(stream)).rejects.toThrow('NGHTTP2_');
  expect(session.closed).toBe(false);
});

test('A canceled stream abandons its raw body.', async () => {
  const { handle, source, abandoned } = rawBody();
  const { session } = await useHttp2({ InvokeAgentRuntime: handle });
  const stream = post(session, INVOKE).end('{}');
  source.write('half of');
  await once(stream, 'data');
  stream.close(constants.NGHTTP2_CANCEL);
  expect(await abandoned).toBe('abandoned');
  expect(source.destroyed).toBe(false);
});

/** Calls an operation and cancels the call while the handler runs. The handler then returns the output. */
async function cancelDuring(operation: string, path: string, output: object): Promise<TestWire> {
  const entered = Promise.withResolvers<void>();
  const canceled = Promise.withResolvers<void>();
  const { session, wire } = await useHttp2({
    async [operation]() {
      entered.resolve();
      await canceled.promise;
      return output;
    },
  });
  const stream = post(session, path).end('{"command": "ls"}');
  await entered.promise;
  stream.close(constants.NGHTTP2_CANCEL);
  // The next request on this connection is handled after the cancellation.
  await text(post(session, '/nowhere').end());
  canceled.resolve();
  await expect.poll(() => wire.spans.at(-1)).toMatchObject({ operation });
  return wire;
}

test('A stream that is canceled before its response abandons its raw body.', async () => {
  const { handle, source, abandoned } = rawBody();
  await cancelDuring('InvokeAgentRuntime', INVOKE, handle());
  expect(await abandoned).toBe('abandoned');
  expect(source.destroyed).toBe(false);
});

test('Events are not started after the client has disconnected.', async () => {
  let hasBegun = false;
  const stream = (async function* () {
    hasBegun = true;
    yield CHUNK;
  })();
  const { log } = await cancelDuring('InvokeAgentRuntimeCommand', COMMAND, { stream });
  await setTimeout(20);
  expect([hasBegun, log]).toEqual([false, []]);
});

test('A canceled stream ends the source of its events.', async () => {
  const ended = Promise.withResolvers<string>();
  const { session } = await useHttp2({
    InvokeAgentRuntimeCommand: () => ({
      stream: (async function* () {
        try {
          for (;;) {
            yield CHUNK;
            await setTimeout(5);
          }
        } finally {
          ended.resolve('ended');
        }
      })(),
    }),
  });
  const stream = post(session, COMMAND).end('{"command": "yes"}');
  await once(stream, 'data');
  stream.close(constants.NGHTTP2_CANCEL);
  expect(await ended.promise).toBe('ended');
});

test('A client that cancels while sending does not reach the handler.', async () => {
  let reached = false;
  const { session, wire } = await useHttp2({
    InvokeAgentRuntime() {
      reached = true;
      return {};
    },
  });
  const stream = post(session, INVOKE);
  stream.write('{"prompt": "del', () => stream.close(constants.NGHTTP2_CANCEL));
  await expect.poll(() => wire.spans).toMatchObject([{ operation: 'InvokeAgentRuntime' }]);
  expect(reached).toBe(false);
  expect(wire.log).toEqual([]);
});

test('One byte more than the limit is rejected with an error that the client can read.', async () => {
  const { session } = await useHttp2({ InvokeAgentRuntime: () => ({}) });
  const stream = post(session, INVOKE);
  const answer = once(stream, 'response');
  const piece = Buffer.alloc(1_000_000);
  for (let sent = 0; sent < 100; sent += 1) {
    await new Promise((resolve) => stream.write(piece, resolve));
  }
  stream.write('1');
  expect((await answer)[0]).toMatchObject({ ':status': 400 });
  expect(await text(stream)).toContain('Member must have length less than or equal to 100000000');
});
