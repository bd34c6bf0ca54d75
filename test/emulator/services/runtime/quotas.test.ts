import { connect } from 'node:net';
import {
  BedrockAgentCoreClient,
  GetAgentCardCommand,
  InvokeAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import type { Quotas } from '../../../../emulator/quotas.ts';
import { createThrottle } from '../../../../emulator/services/runtime/throttle.ts';
import { echoAgent, serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { sdkSettings } from '../../../support/sdk.ts';

/** An agent that never responds, sends half a response or an endless stream, as the payload says. */
const slowAgent = serverAgent(
  `const mode = String(body);
   if (url === '/invocations' && mode.includes('never')) return;
   if (url === '/invocations' && mode.includes('half')) {
     response.writeHead(200, { 'content-type': 'application/json' });
     return response.write('{"half": ');
   }
   if (url === '/invocations' && mode.includes('stream')) {
     response.writeHead(200, { 'content-type': 'text/event-stream' });
     return response.write('data: one\\n\\n');
   }
   if (url === '/invocations') return json(response, {});`,
);

const id = { runtimeSessionId: sessionId('a') };

function useSlowAgent(limits: Partial<Quotas> = {}): Promise<TestEmulator> {
  return useAgent(slowAgent).then((agent) =>
    useEmulator({ agents: [agent], limits, idleTimeout: 7_200 }),
  );
}

/** Returns the response of an invocation, or the error's name and message. */
function invokeToOutcome(emulator: TestEmulator, payload: string): Promise<unknown> {
  return emulator
    .client()
    .send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: emulator.agent.arn, ...id, payload }))
    .then(({ response }) => response!.transformToString())
    .catch((error: Error) => `${error.name}: ${error.message}`);
}

async function advance(emulator: TestEmulator, seconds: number): Promise<void> {
  await emulator.admin('/clock', { advanceSeconds: seconds });
}

async function waitUntilActive(emulator: TestEmulator): Promise<void> {
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]),
  );
}

async function fetchInvocation(emulator: TestEmulator, payload: string): Promise<Response> {
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId };
  return fetch(`${emulator.url}/invocations`, { method: 'POST', headers, body: payload });
}

test('A request without a response within 15 minutes fails, and the session continues', async () => {
  const emulator = await useSlowAgent();
  const outcome = invokeToOutcome(emulator, 'never');
  await waitUntilActive(emulator);
  // Real time on a slow computer counts as well.
  await advance(emulator, 840);
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  await advance(emulator, 60);
  // The advance waits for the end of the request.
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
  expect(await outcome).toMatch(
    /^RuntimeClientError: The agent did not respond: exceeded AgentCore's limit of 15 minutes for a request\. Run longer work/,
  );
  expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
    expect.objectContaining({
      type: 'invocation',
      outcome: "Canceled: exceeded AgentCore's limit of 15 minutes for a request",
    }),
  );
  expect(await invokeToOutcome(emulator, 'hello')).toBe('{}');
});

test('An agent card has the time limit of a request', async () => {
  const silentCardAgent = serverAgent(`if (url.includes('agent-card')) return;`);
  const agent = await useAgent(silentCardAgent.replace('8080', '9000'), { protocol: 'A2A' });
  const emulator = await useEmulator({ agents: [agent] });
  const outcome = emulator
    .client()
    .send(new GetAgentCardCommand({ agentRuntimeArn: emulator.agent.arn, ...id }))
    .catch((error: Error) => error.message);
  await waitUntilActive(emulator);
  await advance(emulator, 900);
  expect(await outcome).toMatch(/: exceeded AgentCore's limit of 15 minutes for a request\.$/);
});

test('The idle time starts when a request reaches its limit', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(slowAgent)], idleTimeout: 60 });
  const outcome = invokeToOutcome(emulator, 'never');
  await waitUntilActive(emulator);
  await advance(emulator, 900 + 61);
  expect(await emulator.sessions()).toMatchObject([
    { state: 'terminated', reason: 'idle-timeout' },
  ]);
  expect(await outcome).toMatch(/exceeded AgentCore's limit/);
});

test('An incomplete response ends after 15 minutes and a stream after an hour', async () => {
  const emulator = await useSlowAgent();
  const half = await fetchInvocation(emulator, 'half');
  const stream = await fetchInvocation(emulator, 'stream');
  await advance(emulator, 900);
  await expect(half.text()).rejects.toThrow(/terminated/);
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  await advance(emulator, 2_700);
  await expect(stream.text()).rejects.toThrow(/terminated/);
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
  const timeline = await emulator.timeline(id.runtimeSessionId);
  expect(timeline).toContainEqual(
    expect.objectContaining({
      outcome: "Canceled: exceeded AgentCore's limit of 60 minutes for a stream",
    }),
  );
});

test('Limits can be changed and disabled', async () => {
  const short = await useSlowAgent({ request: 10 });
  const outcome = invokeToOutcome(short, 'never');
  await waitUntilActive(short);
  await advance(short, 10);
  expect(await outcome).toMatch(/exceeded AgentCore's limit of 10 seconds for a request/);

  const endless = await useSlowAgent({ request: Infinity });
  const disconnect = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId };
  const { signal } = disconnect;
  const body = 'never';
  fetch(`${endless.url}/invocations`, { method: 'POST', headers, body, signal }).catch(() => {});
  await waitUntilActive(endless);
  await advance(endless, 20_000);
  expect(await endless.sessions()).toMatchObject([{ state: 'active' }]);
  disconnect.abort();
});

test('A stream whose caller disconnected ends at the same limit', async () => {
  const emulator = await useSlowAgent();
  const disconnect = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId };
  const { signal } = disconnect;
  const stream = await fetch(`${emulator.url}/invocations`, {
    method: 'POST',
    headers,
    body: 'stream',
    signal,
  });
  expect(stream.status).toBe(200);
  disconnect.abort();
  await eventually(async () =>
    expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('The invocation continues') }),
    ),
  );
  await advance(emulator, 3_600);
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('A stream event that is too long ends the stream', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let event = 0; event < 20; event += 1) response.write('data: ' + 'x'.repeat(90) + '\\n\\n');
      if (String(body) === 'short') return response.end();
      return response.write('x'.repeat(101));
    }`),
  );
  const emulator = await useEmulator({ agents: [agent], limits: { chunk: 100 } });
  expect(await invokeToOutcome(emulator, 'short')).toHaveLength(20 * 98);
  await expect((await fetchInvocation(emulator, 'long')).text()).rejects.toThrow(/terminated/);
  expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
    expect.objectContaining({
      outcome: "Canceled: exceeded AgentCore's limit of 100 bytes for an event of a stream",
    }),
  );
});

test('A caller that never reads blocks its agent until the stream’s limit', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations' && String(body) === 'flood') {
         response.writeHead(200, { 'content-type': 'text/event-stream' });
         response.once('close', () => (isClosed = true));
         const event = 'data: ' + 'x'.repeat(60_000) + '\\n\\n';
         while (!isClosed) {
           written += event.length;
           if (response.write(event)) continue;
           isBlocked = true;
           await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
           isBlocked = false;
         }
         return;
       }
       if (url === '/invocations') return json(response, { written, isBlocked, isClosed });`,
      'let written = 0, isBlocked = false, isClosed = false;',
    ),
  );
  const emulator = await useEmulator({ agents: [agent], idleTimeout: 7_200 });
  const { port } = new URL(emulator.url);
  const caller = connect(Number(port), '127.0.0.1');
  caller.pause();
  onTestFinished(() => void caller.destroy());
  const session = `X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: ${id.runtimeSessionId}`;
  caller.write(
    `POST /invocations HTTP/1.1\r\nHost: 127.0.0.1\r\n${session}\r\nContent-Length: 5\r\n\r\nflood`,
  );
  await waitUntilActive(emulator);
  await eventually(async () =>
    expect(await emulator.invoke(id)).toMatchObject({ isBlocked: true }),
  );
  // The sockets between them buffer only some megabytes.
  expect((await emulator.invoke(id))['written']).toBeLessThan(100_000_000);
  await advance(emulator, 3_600);
  await eventually(async () => expect(await emulator.invoke(id)).toMatchObject({ isClosed: true }));
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('An allowlisted header may have 4 KB', async () => {
  const name = 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-A';
  const agent = await useAgent(echoAgent, { headerAllowlist: [name] });
  const { url, sessions } = await useEmulator({ agents: [agent] });
  const ask = (length: number) =>
    fetch(`${url}/invocations`, {
      method: 'POST',
      headers: { [name]: 'x'.repeat(length) },
      body: '{}',
    });
  const refused = await ask(4_097);
  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { message: expect.stringMatching(/header X-Amzn-.*-A is longer than 4096/) },
  ]);
  expect(await sessions()).toEqual([]);
  expect((await ask(4_096)).status).toBe(200);
});

test('Calls are throttled at the configured rate, and the SDK’s retries succeed', async () => {
  const blocked = await useEmulator({ agents: [await useAgent(echoAgent)], limits: { rate: 0 } });
  await expect(blocked.invoke()).rejects.toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429 },
    message: expect.stringMatching(/^Rate exceeded: .* accepts 0 calls per second/),
  });
  const { url, agent } = await useEmulator({
    agents: [await useAgent(echoAgent)],
    limits: { rate: 1 },
  });
  const retryingClient = new BedrockAgentCoreClient({ ...sdkSettings(url), maxAttempts: 30 });
  onTestFinished(() => retryingClient.destroy());
  for (let calls = 0; calls < 3; calls += 1) {
    const { statusCode } = await retryingClient.send(
      new InvokeAgentRuntimeCommand({ agentRuntimeArn: agent.arn, ...id, payload: '{}' }),
    );
    expect(statusCode).toBe(200);
  }
});

test('The rate applies to any second and to each agent', () => {
  let now = 0;
  const throttled = createThrottle(2, () => now);
  const at = (time: number, agent = 'a') => {
    now = time;
    return throttled(agent);
  };
  expect([at(0), at(600), at(999), at(999, 'b')]).toEqual([false, false, true, false]);
  expect([at(1_000), at(1_599), at(1_600)]).toEqual([false, true, false]);
});

test('The number of active sessions is limited, and a session that ends makes room', async () => {
  const emulator = await useEmulator({
    agents: [await useAgent(echoAgent)],
    limits: { sessions: 1 },
    idleTimeout: 60,
  });
  await emulator.invoke(id);
  const other = { runtimeSessionId: sessionId('b') };
  await expect(emulator.invoke(other)).rejects.toMatchObject({
    name: 'ServiceQuotaExceededException',
    $metadata: { httpStatusCode: 402 },
    message: expect.stringMatching(/^1 sessions are active\. The limit is 1/),
  });
  expect(await emulator.invoke(id)).toMatchObject({ turns: 2 });
  await advance(emulator, 61);
  expect(await emulator.invoke(other)).toMatchObject({ turns: 1 });
});
