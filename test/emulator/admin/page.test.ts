import { once } from 'node:events';
import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ServedPage } from '../../../emulator/admin/page.ts';
import { echoAgent, serverAgent, useAgent } from '../../support/agents.ts';
import { useEmulator, type TestEmulator } from '../../support/emulator.ts';

/** A page of two files. Its WebSocket echoes messages and rejects 'nonsense'. */
const page: ServedPage = {
  async file(name) {
    if (name === 'index.html') return { contentType: 'text/html', content: Buffer.from('<p>hi') };
    if (name === 'a.js') return { contentType: 'text/javascript', content: Buffer.from('1') };
    return undefined;
  },
  connect(socket) {
    socket.onMessage((message) => {
      if (message === 'nonsense') socket.refuse('no message of ours');
      else socket.send(`you said ${message}`);
    });
  },
  async close() {},
};

async function useServedPage(token?: string): Promise<TestEmulator & { port: string }> {
  const emulator = await useEmulator({
    agents: [await useAgent(echoAgent)],
    page: async () => page,
    token,
  });
  return { ...emulator, port: new URL(emulator.url).port };
}

function useSocket(url: string, headers: Record<string, string> = {}): WebSocket {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers });
  // Closing a socket before it has opened emits an error, which is expected here.
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

/** Returns the status of a rejected WebSocket. */
async function refusal(socket: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode?: number },
  ];
  return response.statusCode;
}

test('the page is served at / and its files below /page, and it may load nothing else', async () => {
  const { url } = await useServedPage();
  const front = await fetch(url);
  expect(await front.text()).toBe('<p>hi');
  const policy = front.headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).toMatch(/frame-ancestors 'none'/);
  expect(policy).not.toMatch(/unsafe|\*|http/);
  expect(front.headers.get('referrer-policy')).toBe('no-referrer');
  const file = await fetch(`${url}/page/a.js`);
  expect(file.headers.get('content-type')).toBe('text/javascript');
  const missing = await fetch(`${url}/page/b.js`);
  expect({ status: missing.status, text: await missing.text() }).toEqual({
    status: 404,
    text: '/page/b.js does not exist.\n',
  });
});

test('a page that cannot be loaded returns the reason, and the next request tries again', async () => {
  let visits = 0;
  const { url } = await useEmulator({
    agents: [await useAgent(echoAgent)],
    async page() {
      visits += 1;
      if (visits <= 2) throw new Error('it was left out');
      return page;
    },
  });
  const refused = await fetch(url);
  expect({ status: refused.status, text: await refused.text() }).toEqual({
    status: 500,
    text: 'The page could not be loaded: it was left out\n',
  });
  const [failure] = (await once(useSocket(`${url}/chat`), 'error')) as [Error];
  expect(failure.message).toBe('socket hang up');
  expect((await fetch(`${url}/?again`)).status).toBe(200);
});

test('An emulator without a page returns 404 at /.', async () => {
  const { url } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  expect((await fetch(url)).headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
  expect(await refusal(useSocket(`${url}/chat`))).toBe(404);
});

test('the page’s WebSocket passes messages in both directions, and a rejection has its reason', async () => {
  const { url } = await useServedPage();
  const socket = useSocket(`${url}/chat`);
  await once(socket, 'open');
  socket.send('hello');
  expect(String((await once(socket, 'message'))[0])).toBe('you said hello');
  socket.send('nonsense');
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  expect({ code, reason: String(reason) }).toEqual({ code: 1008, reason: 'no message of ours' });
});

test('a foreign page or a host name that was rebound to this machine gets no WebSocket', async () => {
  const { url } = await useServedPage();
  const foreign = useSocket(`${url}/chat`, { origin: 'http://evil.example' });
  expect(await refusal(foreign)).toBe(403);
  const other = useSocket(`${url}/chat`, { origin: 'http://127.0.0.1:1' });
  expect(await refusal(other)).toBe(403);
  const rebound = useSocket(`${url}/chat`, { host: 'evil.example' });
  expect(await refusal(rebound)).toBe(403);
  const own = useSocket(`${url}/chat`, { origin: url });
  await once(own, 'open');
});

test('with a token, the page and its WebSocket are available only below /@TOKEN', async () => {
  const { url, port } = await useServedPage('letmein');
  const bare = `http://127.0.0.1:${port}`;
  expect((await fetch(`${bare}/`)).status).toBe(403);
  expect((await fetch(`${bare}/page/a.js`)).status).toBe(403);
  expect(await refusal(useSocket(`${bare}/chat`))).toBe(403);
  expect(await refusal(useSocket(`${bare}/@wrong/chat`))).toBe(403);
  // The page's URLs are relative, so its own URL needs a trailing slash.
  const redirected = await fetch(url, { redirect: 'manual' });
  expect(redirected.headers.get('location')).toBe('/@letmein/');
  expect(await (await fetch(url)).text()).toBe('<p>hi');
  expect((await fetch(`${url}/page/a.js`)).status).toBe(200);
  await once(useSocket(`${url}/chat`), 'open');
});

test('a session URL reaches neither the page nor its WebSocket', async () => {
  const agent = serverAgent(`
    if (url === '/invocations') {
      const base = process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE;
      const status = async (path, headers = {}) => (await fetch(base + path, { headers })).status;
      const refused = new Promise((resolve) => {
        const socket = new WebSocket(base.replace('http', 'ws') + '/chat');
        socket.onopen = () => resolve('opened');
        socket.onerror = () => resolve('refused');
      });
      return json(response, {
        front: await status('/'), file: await status('/page/a.js'), socket: await refused,
      });
    }`);
  const { invoke } = await useEmulator({
    agents: [await useAgent(agent)],
    page: async () => page,
  });
  expect(await invoke()).toEqual({ front: 404, file: 404, socket: 'refused' });
});

test('an upgrade request for another protocol is handled as a normal request with its body', async () => {
  const { port } = await useServedPage();
  const upgrade = request({
    port,
    method: 'POST',
    path: '/invocations',
    headers: {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA',
      'content-type': 'application/json',
    },
  });
  upgrade.end('{"prompt":"hello"}');
  const [response] = (await once(upgrade, 'response')) as [AsyncIterable<Buffer>];
  let body = '';
  for await (const chunk of response) body += chunk.toString();
  expect(JSON.parse(body)).toMatchObject({ body: '{"prompt":"hello"}' });
});

test('the emulator closes while a page’s WebSocket is open', async () => {
  const emulator = await useServedPage();
  const socket = useSocket(`${emulator.url}/chat`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await emulator.close();
  expect(await closed).toEqual([1006, Buffer.from('')]);
});

test('the page is opened for the emulator’s URL, and closed once after the port', async () => {
  const opened: string[] = [];
  const closed: unknown[] = [];
  const emulator = await useEmulator({
    agents: [],
    async page(url) {
      opened.push(url);
      return {
        ...page,
        close: async () => void closed.push(await fetch(url).catch(() => 'closed')),
      };
    },
  });
  await fetch(emulator.url);
  await fetch(`${emulator.url}/page/a.js`);
  expect(opened).toEqual([emulator.url]);
  await emulator.close();
  await emulator.close();
  expect(closed).toEqual(['closed']);
});

test('a page that was never visited is not opened when the emulator closes', async () => {
  let isOpened = false;
  const emulator = await useEmulator({
    agents: [],
    async page() {
      isOpened = true;
      return page;
    },
  });
  await emulator.close();
  expect(isOpened).toBe(false);
});
