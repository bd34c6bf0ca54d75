import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { serverAgent, useAgent } from '../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { sdkAgent, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

const SESSION = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

/** Counts all its invocations and messages. */
const counting = sdkAgent(`
count = 0

@app.entrypoint
def invoke(payload):
    global count
    count += 1
    return {"count": count}

@app.websocket
async def talk(websocket, context):
    global count
    await websocket.accept()
    while True:
        try:
            word = await websocket.receive_text()
        except Exception:
            return
        count += 1
        await websocket.send_json({"word": word, "count": count, "session": context.session_id})
`);

function connect(
  { url, agent }: TestEmulator,
  id: string | null,
  path = webSocketPath(agent.arn),
): WebSocket {
  const headers = id === null ? {} : { [SESSION]: id };
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers });
  // Without a listener, a rejected connection would fail the test.
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

const webSocketPath = (arn: string) => `/runtimes/${encodeURIComponent(arn)}/ws`;

async function ask(socket: WebSocket, word: string): Promise<unknown> {
  if (socket.readyState !== WebSocket.OPEN) await once(socket, 'open');
  socket.send(word);
  const [message] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(message.toString());
}

/** Returns the status, error type and body of a rejected WebSocket. */
async function rejection(socket: WebSocket): Promise<string> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return `${response.statusCode} ${String(response.headers['x-amzn-errortype'])} ${body}`;
}

test('a WebSocket reaches its session’s machine, as invocations do', async () => {
  const emulator = await useEmulator({ agents: [await usePythonAgent(counting)] });
  const [a, b] = [sessionId('a'), sessionId('b')];
  const socket = connect(emulator, a);
  expect(await ask(socket, 'one')).toEqual({ word: 'one', count: 1, session: a });
  expect(await emulator.invoke({ runtimeSessionId: a })).toEqual({ count: 2 });
  expect(await ask(socket, 'three')).toEqual({ word: 'three', count: 3, session: a });
  expect(await ask(connect(emulator, b), 'one')).toEqual({ word: 'one', count: 1, session: b });

  // Clients that cannot send headers use the query; this path reaches the default agent.
  const query = `?${SESSION}=${a}&qualifier=DEFAULT`;
  expect(await ask(connect(emulator, null, `/ws${query}`), 'four')).toMatchObject({ count: 4 });
});

test('a session is active while its WebSocket is open, and idle afterwards', async () => {
  const emulator = await useEmulator({
    agents: [await usePythonAgent(counting)],
    idleTimeout: 100,
  });
  const socket = connect(emulator, sessionId('a'));
  await ask(socket, 'one');
  await emulator.admin('/clock', { advanceSeconds: 1_000 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  expect(await ask(socket, 'two')).toMatchObject({ count: 2 });
  socket.close();
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  await emulator.admin('/clock', { advanceSeconds: 101 });
  expect(await emulator.sessions()).toMatchObject([{ reason: 'idle-timeout' }]);
});

test('stopping a session closes its WebSocket', async () => {
  const emulator = await useEmulator({ agents: [await usePythonAgent(counting)] });
  const id = { runtimeSessionId: sessionId('a') };
  const socket = connect(emulator, id.runtimeSessionId);
  await ask(socket, 'one');
  const closed = once(socket, 'close');
  await emulator
    .client()
    .send(new StopRuntimeSessionCommand({ agentRuntimeArn: emulator.agent.arn, ...id }));
  await closed;
  expect(await emulator.sessions()).toMatchObject([{ state: 'terminated', reason: 'stopped' }]);
});

test('a rejected WebSocket gets AWS’s status and the reason', async () => {
  const emulator = await useEmulator({
    agents: [
      await useAgent(
        serverAgent(
          `if (url === '/ws') { response.writeHead(404); return response.end('no such thing'); }`,
        ),
      ),
    ],
  });
  const { arn } = emulator.agent;
  expect(await rejection(connect(emulator, 'short'))).toMatch(
    /^400 ValidationException.*'runtimeSessionId'.*greater than or equal to 33/,
  );
  const malformed = connect(emulator, sessionId('a'), '/runtimes/%E0%A4%A/ws');
  expect(await rejection(malformed)).toMatch(/^400 ValidationException/);
  const unknown = webSocketPath(`${arn}x`);
  expect(await rejection(connect(emulator, sessionId('a'), unknown))).toMatch(
    /^404 ResourceNotFound/,
  );
  expect(await rejection(connect(emulator, sessionId('a')))).toMatch(
    /^424 RuntimeClientError.*Received error \(404\) from runtime\. The agent has no \/ws\./,
  );
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
});
