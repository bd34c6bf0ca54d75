import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { echoAgent, serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

const handshake = {
  host: '127.0.0.1',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Sends a raw WebSocket handshake. The connection closes when the test ends. */
function sendHandshake(url: string, path: string, headers: Record<string, string>): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return socket;
}

const QUERY_PARAMETER = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

test.for(['/ws', '/ws/shells'])(
  'A session id in the query of %s that is not a valid header value is rejected before a session starts',
  async (suffix) => {
    const { url, agent, sessions } = await useEmulator({ agents: [await useAgent(echoAgent)] });
    for (const injection of ['%0d%0aSet-Cookie:%20a=b', '%0a', '%00', '%20', '%C3%A4']) {
      const path = `/runtimes/${agent.runtimeId}${suffix}?${QUERY_PARAMETER}=${sessionId('a')}${injection}`;
      const answer = await text(sendHandshake(url, path, handshake));
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(answer).toContain(`at '${QUERY_PARAMETER}' failed to satisfy constraint`);
      expect(answer).not.toMatch(/^Set-Cookie/im);
    }
    expect(await sessions()).toEqual([]);
  },
);

test.for([
  ['/ws', 'Sec-WebSocket-Key', { 'sec-websocket-key': 'short' }],
  ['/ws/shells', 'Sec-WebSocket-Key', { 'sec-websocket-key': 'short' }],
  ['/ws/shells', 'Sec-WebSocket-Version', { 'sec-websocket-version': '7' }],
] as const)('An invalid handshake at %s is rejected before a session starts: %s', async (given) => {
  const [suffix, name, wrong] = given;
  const { url, agent, sessions } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const path = `/runtimes/${agent.runtimeId}${suffix}?${QUERY_PARAMETER}=${sessionId('a')}`;
  const answer = await text(sendHandshake(url, path, { ...handshake, ...wrong }));
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toContain(`at '${name}' failed to satisfy constraint`);
  expect(await sessions()).toEqual([]);
});

test('An agent that does not respond to a WebSocket handshake has the time limit of a request', async () => {
  const silent = serverAgent(`if (url === '/ws') return;`);
  const emulator = await useEmulator({ agents: [await useAgent(silent)], idleTimeout: 7_200 });
  const { url, agent, sessions, admin, timeline } = emulator;
  const path = `/runtimes/${agent.runtimeId}/ws?${QUERY_PARAMETER}=${sessionId('a')}`;
  const answer = text(sendHandshake(url, path, handshake));
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'active' }]));
  await admin('/clock', { advanceSeconds: 899 });
  expect(await sessions()).toMatchObject([{ state: 'active' }]);
  await admin('/clock', { advanceSeconds: 1 });
  expect(await sessions()).toMatchObject([{ state: 'idle' }]);
  const reason = "exceeded AgentCore's limit of 15 minutes for a request";
  expect(await answer).toMatch(
    new RegExp(`^HTTP/1\\.1 424 .*No WebSocket connection: ${reason}`, 's'),
  );
  expect(await timeline(sessionId('a'))).toContainEqual(
    expect.objectContaining({ type: 'invocation', outcome: `Canceled: ${reason}` }),
  );
});

/** Accepts a WebSocket when the file GO exists. */
const hesitantAgent = serverAgent(
  `if (url === '/ws') {
     console.log('handshake received');
     while (!existsSync(process.env.GO)) await sleep(10);
     const accepted = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
     return void request.socket.write(accepted.join('\\r\\n') + '\\r\\n\\r\\n');
   }`,
  `const { existsSync } = process.getBuiltinModule('node:fs');`,
);

test('A caller that disconnects just before the agent accepts its WebSocket leaves no request behind', async () => {
  const go = join(await useFolder(), 'go');
  const source = await useAgent(hesitantAgent, { environment: { GO: go } });
  const { url, agent, sessions, log } = await useEmulator({ agents: [source] });
  const path = `/runtimes/${agent.runtimeId}/ws?${QUERY_PARAMETER}=${sessionId('a')}`;
  const caller = sendHandshake(url, path, handshake);
  await eventually(() => expect(log.join('\n')).toContain('handshake received'));
  // The emulator runs in this thread, so it reads the reset and the agent's answer at once.
  caller.resetAndDestroy();
  writeFileSync(go, '');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'idle' }]));
});
