import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { useWire, type TestWire } from './useWire.ts';

const LIMIT = 100_000_000;
const MUCH_MORE = LIMIT + 20_000_000;
const PATH = '/runtimes/agent/invocations';
const TOO_LONG = {
  status: 400,
  headers: { 'x-amzn-errortype': 'ValidationException' },
  json: {
    message: `1 validation error detected: Value at 'payload' failed to satisfy constraint: Member must have length less than or equal to ${LIMIT}`,
    reason: 'FieldValidationFailed',
    fieldList: [{ name: 'payload' }],
  },
};

/** A wire whose InvokeAgentRuntime only measures its payload. */
async function useMeasure(): Promise<TestWire> {
  return useWire({
    InvokeAgentRuntime({ payload }) {
      const { length } = payload as Buffer;
      const stream = Readable.from([JSON.stringify(length)]);
      return { contentType: 'application/json', response: { stream, headers: {}, abandoned() {} } };
    },
  });
}

/** Streams bytes in pieces, as a client would read them from a file. */
function bytes(length: number): Readable {
  const piece = Buffer.alloc(1_000_000);
  return Readable.from(
    (function* () {
      for (let left = length; left > 0; left -= piece.length) yield piece.subarray(0, left);
    })(),
  );
}

function framings(length: number) {
  return [
    ['a Content-Length', { 'content-length': String(length) }],
    ['chunks', {}],
  ] as const;
}

test.for(framings(LIMIT))(
  'A payload of exactly the limit in %s is accepted.',
  async ([, headers]) => {
    const { raw } = await useMeasure();
    const answer = await raw('POST', PATH, { headers, body: bytes(LIMIT) });
    expect(answer).toMatchObject({ status: 200, json: LIMIT });
  },
);

test.for(framings(LIMIT + 1))(
  'One byte more in %s is rejected with an error that the client can read.',
  async ([, headers]) => {
    const { raw } = await useMeasure();
    expect(await raw('POST', PATH, { headers, body: bytes(LIMIT + 1) })).toMatchObject(TOO_LONG);
  },
);

test('An excessive Content-Length is rejected before the body is sent.', async () => {
  const { raw } = await useMeasure();
  const headers = { 'content-length': String(LIMIT + 1) };
  const nothingYet = new Readable({ read() {} });
  expect(await raw('POST', PATH, { headers, body: nothingYet })).toMatchObject(TOO_LONG);
});

test('The SDK maps the error for an oversized payload to its class.', async () => {
  const { send } = await useMeasure();
  const input = { agentRuntimeArn: 'agent', payload: new Uint8Array(LIMIT + 1) };
  await expect(send('InvokeAgentRuntime', input)).rejects.toMatchObject({
    name: 'ValidationException',
    ...TOO_LONG.json,
  });
});

test.for([
  ['a Content-Length', `Content-Length: ${MUCH_MORE}`, (piece: Buffer) => [piece]],
  [
    'chunks',
    'Transfer-Encoding: chunked',
    (piece: Buffer) => [`${piece.length.toString(16)}\r\n`, piece, '\r\n'],
  ],
] as const)(
  'After a rejected request in %s, the connection serves the next one.',
  async ([, framing, framed]) => {
    const { port } = await useMeasure();
    // Not with node:http, which stops sending a request once it has the response.
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const head = `POST ${PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
    socket.write(`${head}${framing}\r\n\r\n`);
    for await (const piece of bytes(MUCH_MORE)) {
      for (const part of framed(piece as Buffer)) {
        if (!socket.write(part)) await once(socket, 'drain');
      }
    }
    if (framing.includes('chunked')) socket.write('0\r\n\r\n');
    socket.write(`${head}Content-Length: 5\r\nConnection: close\r\n\r\nshort`);
    // Reads only now, like clients that send everything before they read.
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*HTTP\/1.1 200 .*\r\n5\r\n0\r\n\r\n$/s);
  },
);

test('A client that disconnects while sending does not reach the handler.', async () => {
  let reached = false;
  const { url, spans } = await useWire({
    InvokeAgentRuntime() {
      reached = true;
      return {};
    },
  });
  const sending = request(url + PATH, { method: 'POST' });
  sending.on('error', () => {});
  sending.write('{"prompt": "del', () => sending.destroy());
  await expect.poll(() => spans).toMatchObject([{ operation: 'InvokeAgentRuntime' }]);
  expect(reached).toBe(false);
});
