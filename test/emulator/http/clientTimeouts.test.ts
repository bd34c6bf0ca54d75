import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { ReceiveTimeouts } from '../../../emulator/http/port.ts';
import { eventually } from '../../support/eventually.ts';
import { askHttp2, echo, useHttp2, usePort, useSocket } from './usePort.ts';

test('A thousand silent connections do not block other clients.', async () => {
  const port = await usePort();
  const silent = Array.from({ length: 1_000 }, () => useSocket(port));
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  const session = useHttp2(port);
  expect(await (await fetch(port.url)).text()).toBe('1.1 GET / ');
  expect(await askHttp2(session, '/')).toBe('2.0 POST / ');
});

const impatient: ReceiveTimeouts = { head: 50, request: 100, checkInterval: 20 };

test.for([
  ['nothing', '', /^$/],
  ['an incomplete head', 'GET / HTTP/1.1\r\nHost: a', /^HTTP\/1\.1 408 /],
  ['half a preface', 'PRI * HTT', /^$/],
  [
    'half a body',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf',
    /^HTTP\/1\.1 408 /,
  ],
  [
    'half a chunk',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf',
    /^HTTP\/1\.1 408 /,
  ],
] as const)('A client that sends only %s is disconnected.', async ([, bytes, answer]) => {
  const port = await usePort(echo, impatient);
  const socket = useSocket(port);
  socket.on('error', () => {});
  socket.write(bytes);
  expect(await text(socket).catch(() => '')).toMatch(answer);
});

test('A refused WebSocket is closed, even if the client keeps its end open.', async () => {
  const { number } = await usePort();
  const socket = connect({ host: '127.0.0.1', port: number, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
  socket.write(`GET /none HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
  // A client that is still connected may continue to send, which has no effect.
  await eventually(() => {
    socket.write('still here');
    expect(socket.destroyed).toBe(true);
  });
});

test('An incomplete HTTP/2 body times out, and its connection keeps serving.', async () => {
  const port = await usePort(echo, impatient);
  const session = useHttp2(port);
  const half = session.request({ ':method': 'POST', ':path': '/half' });
  half.on('error', () => {});
  half.resume().write('half');
  await once(half, 'close');
  expect(await askHttp2(session, '/whole', 'hello')).toBe('2.0 POST /whole hello');
});

test('A complete request waits for its response without limit, in both versions.', async () => {
  const answers: ServerResponse[] = [];
  // Long enough for a busy machine to receive everything that is sent at once.
  const port = await usePort(
    (request, response) => {
      request.resume().once('end', () => answers.push(response));
    },
    { head: 1_000, request: 1_500, checkInterval: 20 },
  );
  const session = useHttp2(port);
  const asked = [
    fetch(port.url, { method: 'POST', body: 'hello' }).then((answer) => answer.text()),
    askHttp2(session, '/', 'hello'),
    text(session.request({ ':path': '/' })),
  ];
  await eventually(() => expect(answers).toHaveLength(3));
  // The timeout checks have run several times before this client is disconnected.
  const socket = useSocket(port);
  socket.on('error', () => {});
  socket.resume().write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf');
  await once(socket, 'close');
  for (const response of answers) response.end('at last');
  expect(await Promise.all(asked)).toEqual(['at last', 'at last', 'at last']);
});
