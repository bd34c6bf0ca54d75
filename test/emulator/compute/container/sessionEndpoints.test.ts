import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { serverAgent } from '../../../support/agents.ts';
import { useContainerAgent } from '../../../support/containers.ts';
import { useEmulator, type TestEmulator } from '../../../support/emulator.ts';

/** Serves pages on port 9000, which name their container. */
const withPages = serverAgent(
  `if (url === '/invocations') return json(response, { host: process.env.HOSTNAME });`,
  `createServer((request, response) => json(response, { host: process.env.HOSTNAME, url: request.url }))
     .on('upgrade', (request, socket) => {
       const key = process.getBuiltinModule('node:crypto').createHash('sha1')
         .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
       socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Accept: ' + key + '\\r\\n\\r\\n');
       socket.write(Buffer.concat([Buffer.from([0x81, 5]), Buffer.from('hello')]));
     })
     .listen(9000, '0.0.0.0');`,
);

async function invoke({ url, agent }: TestEmulator) {
  const response = await fetch(`${url}/runtimes/${encodeURIComponent(agent.arn)}/invocations`, {
    method: 'POST',
    body: '{}',
  });
  const { host } = (await response.json()) as { readonly host: string };
  const name = 'x-amzn-bedrock-agentcore-runtime-session-endpoint-url';
  return { host, endpoint: response.headers.get(name)! };
}

test('A session endpoint reaches the allowed ports of its own container.', async () => {
  const { source } = await useContainerAgent(
    { 'main.mjs': withPages },
    { allowedPorts: [{ from: 9000, to: 9001 }] },
  );
  const emulator = await useEmulator({ agents: [source] });
  const [a, b] = [await invoke(emulator), await invoke(emulator)];
  expect(a.host).not.toBe(b.host);
  for (const { host, endpoint } of [a, b]) {
    const page = await fetch(`${endpoint}:9000/page`);
    expect(await page.json()).toEqual({ host, url: '/page' });
  }
  const socket = new WebSocket(`${a.endpoint.replace('http', 'ws')}:9000/`);
  onTestFinished(() => socket.terminate());
  const [message] = (await once(socket, 'message')) as [Buffer];
  expect(String(message)).toBe('hello');
  // The engine accepts connections to a published port on which nothing listens.
  expect((await fetch(`${a.endpoint}:9001/`)).status).toBe(502);
  expect((await fetch(`${a.endpoint}:9002/`)).status).toBe(403);
});
