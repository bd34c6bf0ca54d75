import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
  type BedrockAgentCoreClientConfig,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { bindPort } from '../../../emulator/http/port.ts';
import { sdkSettings } from '../../support/sdk.ts';
import { askHttp2, useHttp2, usePort, useSocket } from './usePort.ts';

/** A socket that writes each byte separately. */
function slowly(socket: Socket): Duplex {
  const slow = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _, done) => writeBytes(socket, chunk, done),
  });
  socket.on('data', (chunk) => void (slow.push(chunk) || socket.pause()));
  socket.on('close', () => slow.destroy());
  return slow;
}

function writeBytes(socket: Socket, bytes: Buffer, done: () => void): void {
  if (bytes.length === 0) return done();
  const rest = () => writeBytes(socket, bytes.subarray(1), done);
  socket.write(bytes.subarray(0, 1), () => setImmediate(rest));
}

test('One port serves HTTP/1.1 and HTTP/2.', async () => {
  const port = await usePort();
  const session = useHttp2(port);
  const answers = await Promise.all([
    fetch(`${port.url}/one`, { method: 'POST', body: 'hello' }).then((answer) => answer.text()),
    askHttp2(session, '/two', 'hello'),
    askHttp2(session, '/three'),
  ]);
  expect(answers).toEqual(['1.1 POST /one hello', '2.0 POST /two hello', '2.0 POST /three ']);
});

// PROPFIND begins with the same letter as the HTTP/2 preface.
test.for(['GET', 'POST', 'PUT', 'PROPFIND'])(
  'HTTP/1.1 may arrive byte by byte: %s',
  async (method) => {
    const socket = useSocket(await usePort());
    const head = `${method} /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n`;
    writeBytes(socket, Buffer.from(`${head}Connection: close\r\n\r\nhello`), () => {});
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain(`1.1 ${method} /slow hello`);
  },
);

test('HTTP/2 may arrive byte by byte.', async () => {
  const port = await usePort();
  const session = useHttp2(port, slowly(useSocket(port)));
  expect(await askHttp2(session, '/slow', 'hello')).toBe('2.0 POST /slow hello');
});

test.for([
  ['no HTTP', 'garbage\r\n\r\n'],
  ['half a preface', 'PRI * HTTP/2.0\r\n\r\nNO\r\n\r\n'],
  ['an unknown method', 'PRIVATE / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ['a bad length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n'],
] as const)('%s is a bad request, and the port keeps serving.', async ([, bytes]) => {
  const port = await usePort();
  const socket = useSocket(port);
  socket.write(bytes, 'latin1');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(await (await fetch(port.url)).text()).toBe('1.1 GET / ');
});

test.for(['', 'P', 'PRI * HTTP/2.0', 'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf'])(
  'A client that disconnects after %j does no harm.',
  async (bytes) => {
    const port = await usePort();
    for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const socket = useSocket(port);
      socket.on('error', () => {}).resume();
      await once(socket, 'connect');
      const closed = once(socket, 'close');
      socket.write(bytes, () => socket[leave]());
      await closed;
    }
    expect(await (await fetch(port.url)).text()).toBe('1.1 GET / ');
  },
);

test('Garbage after the HTTP/2 preface ends only that connection.', async () => {
  const port = await usePort();
  const socket = useSocket(port);
  socket.on('error', () => {});
  socket.resume().write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nthis is no frame of HTTP/2 at all');
  await once(socket, 'close');
  expect(await askHttp2(useHttp2(port), '/')).toBe('2.0 POST / ');
});

test('A connection serves several requests.', async () => {
  const { number } = await usePort();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const reused: boolean[] = [];
  for (const path of ['/one', '/two', '/three']) {
    const outgoing = request({ port: number, path, agent }).end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(await text(incoming)).toBe(`1.1 GET ${path} `);
    expect(incoming.headers['keep-alive']).toBe('timeout=75');
    reused.push(outgoing.reusedSocket);
  }
  expect(reused).toEqual([false, true, true]);
});

test('Headers as large as AWS accepts are accepted in both versions.', async () => {
  const lengths: (number | undefined)[] = [];
  const port = await usePort((request, response) => {
    lengths.push(request.headers['baggage']?.length);
    response.end();
  });
  const baggage = 'x'.repeat(8192);
  const tracestate = 'y'.repeat(16_000);
  await fetch(port.url, { headers: { baggage, tracestate } });
  await text(useHttp2(port).request({ ':path': '/', baggage, tracestate }));
  expect(lengths).toEqual([8192, 8192]);
});

test('The unmodified AWS SDK works over HTTP/2.', async () => {
  const port = await usePort((request, response) => {
    void text(request).then((body) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ version: request.httpVersion, body }));
    });
  });
  // Resolved from the SDK, because the handler is a dependency of the SDK.
  const ask = createRequire(
    createRequire(import.meta.url).resolve('@aws-sdk/client-bedrock-agentcore'),
  );
  const { NodeHttp2Handler } = ask('@smithy/node-http-handler') as {
    NodeHttp2Handler: new () => NonNullable<BedrockAgentCoreClientConfig['requestHandler']>;
  };
  const client = new BedrockAgentCoreClient({
    ...sdkSettings(port.url),
    requestHandler: new NodeHttp2Handler(),
  });
  onTestFinished(() => client.destroy());
  const answers = ['one', 'two'].map(async (payload) => {
    const command = new InvokeAgentRuntimeCommand({ agentRuntimeArn: 'agent', payload });
    const { response } = await client.send(command);
    return response!.transformToString();
  });
  expect(await Promise.all(answers)).toEqual([
    '{"version":"2.0","body":"one"}',
    '{"version":"2.0","body":"two"}',
  ]);
});

test('A port in use is reported.', async () => {
  const { number } = await usePort();
  await expect(bindPort({ host: '127.0.0.1', port: number })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

test('Closing ends silent, idle and waiting connections of both versions.', async () => {
  const waiting = Promise.withResolvers<void>();
  const port = await bindPort({ host: '127.0.0.1', port: 0 });
  port.serve({
    onRequest(request) {
      if (request.httpVersion === '2.0') waiting.resolve();
    },
  });
  const [silent, halfSent, asking] = [useSocket(port), useSocket(port), useSocket(port)];
  const session = useHttp2({ url: `http://127.0.0.1:${port.number}` });
  const stream = session.request({ ':path': '/' });
  for (const emitter of [silent, halfSent, asking, session, stream]) emitter.on('error', () => {});
  halfSent.write('GET / HT');
  asking.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await Promise.all([waiting.promise, once(silent, 'connect')]);
  for (const readable of [silent, halfSent, asking, stream]) readable.resume();
  const ended = Promise.all(
    [silent, halfSent, asking, session, stream].map((one) => once(one, 'close')),
  );
  await port.close();
  await ended;
  await expect(fetch(`http://127.0.0.1:${port.number}`)).rejects.toThrow('fetch failed');
});
