import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { echoAgent, serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

const handshake = {
  host: '127.0.0.1',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Asks for a web socket byte for byte as it is told; the connection is cut off when the test ends. */
function askForWebSocket(url: string, path: string, headers: Record<string, string>): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return socket;
}

const inQuery = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

test.for(['/ws', '/ws/shells'])(
  'a session id in the query of %s that no header may hold is refused before there is a session',
  async (door) => {
    const { url, agent, sessions } = await useEmulator({ agents: [await useAgent(echoAgent)] });
    for (const intruder of ['%0d%0aSet-Cookie:%20a=b', '%0a', '%00', '%20', '%C3%A4']) {
      const path = `/runtimes/${agent.runtimeId}${door}?${inQuery}=${sessionId('a')}${intruder}`;
      const answer = await text(askForWebSocket(url, path, handshake));
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(answer).toContain(`at '${inQuery}' failed to satisfy constraint`);
      expect(answer).not.toMatch(/^Set-Cookie/im);
    }
    expect(await sessions()).toEqual([]);
  },
);

test.for([
  ['/ws', 'Sec-WebSocket-Key', { 'sec-websocket-key': 'short' }],
  ['/ws/shells', 'Sec-WebSocket-Key', { 'sec-websocket-key': 'short' }],
  ['/ws/shells', 'Sec-WebSocket-Version', { 'sec-websocket-version': '7' }],
] as const)('a wrong handshake at %s is refused before there is a session: %s', async (given) => {
  const [door, name, wrong] = given;
  const { url, agent, sessions } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const path = `/runtimes/${agent.runtimeId}${door}?${inQuery}=${sessionId('a')}`;
  const answer = await text(askForWebSocket(url, path, { ...handshake, ...wrong }));
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toContain(`at '${name}' failed to satisfy constraint`);
  expect(await sessions()).toEqual([]);
});

test('an agent that neither takes a web socket nor refuses it has the time of a request', async () => {
  const silent = serverAgent(`if (url === '/ws') return;`);
  const emulator = await useEmulator({ agents: [await useAgent(silent)], idleTimeout: 7_200 });
  const { url, agent, sessions, admin, timeline } = emulator;
  const path = `/runtimes/${agent.runtimeId}/ws?${inQuery}=${sessionId('a')}`;
  const answer = text(askForWebSocket(url, path, handshake));
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'active' }]));
  await admin('/clock', { advanceSeconds: 899 });
  expect(await sessions()).toMatchObject([{ state: 'active' }]);
  await admin('/clock', { advanceSeconds: 1 });
  expect(await sessions()).toMatchObject([{ state: 'idle' }]);
  const over = 'the 15 minutes that AgentCore gives a request are over';
  expect(await answer).toMatch(new RegExp(`^HTTP/1\\.1 424 .*no web socket: ${over}`, 's'));
  expect(await timeline(sessionId('a'))).toContainEqual(
    expect.objectContaining({ type: 'invocation', outcome: `cut off: ${over}` }),
  );
});
