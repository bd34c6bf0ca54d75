import {
  GetAgentCardCommand,
  InvokeAgentRuntimeCommandCommand,
  RuntimeClientError,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

const id = { runtimeSessionId: sessionId('a') };
const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId };

/** Statements of a `serverAgent` that leave a request without a valid response. */
const upgrade = `return request.socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n');`;
const upgradeWithNode = `return response.writeHead(101, { connection: 'Upgrade', upgrade: 'h2c' }).end();`;
const close = `return request.socket.end();`;
const reset = `return request.socket.resetAndDestroy();`;

const upgraded = (request: string) =>
  new RegExp(
    `Received error \\(101\\) from runtime\\. The agent switched protocols in response to ${request}\\.`,
  );
const closed = /closed the connection without a response/;

async function stop({ client, agent }: TestEmulator): Promise<void> {
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...id }));
}

test.each([
  ['101 on the socket', upgrade, upgraded('POST /invocations')],
  ['101 from Node’s server', upgradeWithNode, upgraded('POST /invocations')],
  ['a closed connection', close, closed],
  ['a reset connection', reset, closed],
])(
  'An invocation that gets %s fails at once, and the session and the clock continue',
  async (_, answer, message) => {
    const agent = await useAgent(
      serverAgent(
        `if (url === '/invocations' && String(body) === 'broken') ${answer}
         if (url === '/invocations') return json(response, { fine: true });`,
      ),
    );
    const emulator = await useEmulator({ agents: [agent] });
    for (let count = 0; count < 2; count += 1) {
      const failure = await emulator
        .invoke({ ...id, payload: 'broken' })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(RuntimeClientError);
      expect(failure).toMatchObject({ $metadata: { httpStatusCode: 424 } });
      expect((failure as Error).message).toMatch(message);
    }
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
    expect(await emulator.invoke(id)).toEqual({ fine: true });
    const { stream } = await emulator.client().send(
      new InvokeAgentRuntimeCommandCommand({
        agentRuntimeArn: emulator.agent.arn,
        ...id,
        body: { command: 'exit 3' },
      }),
    );
    const chunks: unknown[] = [];
    for await (const { chunk } of stream!) chunks.push(chunk);
    expect(chunks.at(-1)).toMatchObject({ contentStop: { exitCode: 3 } });
    await emulator.admin('/clock', { advanceSeconds: 800 });
    await stop(emulator);
    await emulator.admin('/clock', { advanceSeconds: 3_600 });
    expect(await emulator.sessions()).toMatchObject([{ state: 'terminated', reason: 'stopped' }]);
  },
);

test('A response that breaks off in its first packet fails, and its request ends', async () => {
  const head = 'HTTP/1.1 200 OK\\r\\ncontent-type: text/plain\\r\\ntransfer-encoding: chunked';
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return request.socket.end('${head}\\r\\n\\r\\nnot a length\\r\\n');`,
    ),
  );
  const emulator = await useEmulator({ agents: [agent] });
  await expect(emulator.invoke(id)).rejects.toThrow(/aborted|ECONNRESET|terminated/);
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
});

test.each([
  ['101', upgrade, '/ping returned status 101 instead of 200'],
  [
    'a closed connection',
    close,
    '/ping failed: the agent closed the connection without a response',
  ],
])('An agent whose first ping gets %s fails to start', async (_, answer, problem) => {
  const agent = await useAgent(serverAgent(`if (url === '/ping') ${answer}`));
  const { invoke, admin, log, sessions } = await useEmulator({ agents: [agent] });
  const failing = invoke(id).catch((error: unknown) => error);
  await eventually(() => expect(log.join('\n')).toContain(problem));
  await admin('/clock', { advanceSeconds: 120 });
  const failure = await failing;
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect((failure as Error).message).toContain(`It listens, but ${problem}.`);
  expect(await sessions()).toMatchObject([{ state: 'terminated', reason: 'start-failed' }]);
});

/** An agent whose pings fail in the given way after its first invocation. */
const agentThatBreaksPings = (answer: string) =>
  useAgent(
    serverAgent(
      `if (url === '/invocations') return json(response, { turns: (turns += 1) });
       if (turns > 0) ${answer}`,
      'let turns = 0;',
    ),
  );

test('Pings that get 101 count as unhealthy and end the session', async () => {
  const agent = await agentThatBreaksPings(upgrade);
  const emulator = await useEmulator({ agents: [agent], pingInterval: 0.05 });
  await emulator.invoke(id);
  const message = '/ping returned status 101 instead of 200';
  await eventually(async () =>
    expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ type: 'note', message }),
    ),
  );
  await emulator.admin('/clock', { advanceSeconds: 10 });
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'terminated', reason: 'unhealthy' }]),
  );
});

test('Pings whose connection is closed do not end the session, and the clock continues', async () => {
  const agent = await agentThatBreaksPings(close);
  const emulator = await useEmulator({ agents: [agent], pingInterval: 0.05 });
  await emulator.invoke(id);
  const message = '/ping failed: the agent closed the connection without a response';
  await eventually(async () =>
    expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ type: 'note', message }),
    ),
  );
  await emulator.admin('/clock', { advanceSeconds: 60 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test.each([
  ['101', upgrade, upgraded('GET /ping')],
  ['a closed connection', close, closed],
])('GET /ping reports that it got %s from the agent', async (_, answer, message) => {
  const agent = await agentThatBreaksPings(answer);
  const emulator = await useEmulator({ agents: [agent], pingInterval: 3_600 });
  await emulator.invoke(id);
  const response = await fetch(`${emulator.url}/ping`);
  expect(response.status).toBe(424);
  expect(await response.text()).toMatch(message);
});

test.each([
  ['101', upgrade, upgraded('GET /.well-known/agent-card.json')],
  ['a closed connection', close, closed],
])('GetAgentCard reports that it got %s from the agent', async (_, answer, message) => {
  const main = serverAgent(`if (url.includes('agent-card')) ${answer}`).replace('8080', '9000');
  const emulator = await useEmulator({ agents: [await useAgent(main, { protocol: 'A2A' })] });
  const command = new GetAgentCardCommand({ agentRuntimeArn: emulator.agent.arn, ...id });
  const failure = await emulator
    .client()
    .send(command)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect((failure as Error).message).toMatch(message);
  await stop(emulator);
  await emulator.admin('/clock', { advanceSeconds: 3_600 });
});

test('A GET or DELETE of an MCP session that gets 101 fails', async () => {
  const main = serverAgent(
    `if (request.method !== 'POST') ${upgrade}
     return json(response, { jsonrpc: '2.0', id: 'ping', result: {} });`,
  ).replace('8080', '8000');
  const emulator = await useEmulator({ agents: [await useAgent(main, { protocol: 'MCP' })] });
  const { url, agent } = emulator;
  const runtime = `${url}/runtimes/${encodeURIComponent(agent.arn)}/invocations`;
  const accept = 'application/json, text/event-stream';
  const started = await fetch(runtime, { method: 'POST', headers: { ...headers, accept } });
  expect(started.status).toBe(200);
  for (const method of ['GET', 'DELETE']) {
    const refused = await fetch(runtime, { method, headers: { ...headers, accept } });
    expect(refused.status).toBe(424);
    expect(await refused.text()).toMatch(upgraded(`${method} /mcp`));
  }
  await stop(emulator);
  await emulator.admin('/clock', { advanceSeconds: 3_600 });
});
