import { connect } from 'node:net';
import {
  BedrockAgentCoreClient,
  GetAgentCardCommand,
  InvokeAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import type { Quotas } from '../../../../emulator/services/runtime/quotas.ts';
import { createThrottle } from '../../../../emulator/services/runtime/throttle.ts';
import { echoAgent, serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { sdkSettings } from '../../../support/sdk.ts';

/** Answers as it is told: never, with half of an answer, or with a stream that goes on and on. */
const slowAgent = serverAgent(
  `const word = String(body);
   if (url === '/invocations' && word.includes('never')) return;
   if (url === '/invocations' && word.includes('half')) {
     response.writeHead(200, { 'content-type': 'application/json' });
     return response.write('{"half": ');
   }
   if (url === '/invocations' && word.includes('stream')) {
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

/** What becomes of an invocation: the answer, or the error's name and message. */
function outcomeOf(emulator: TestEmulator, payload: string): Promise<unknown> {
  return emulator
    .client()
    .send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: emulator.agent.arn, ...id, payload }))
    .then(({ response }) => response!.transformToString())
    .catch((error: Error) => `${error.name}: ${error.message}`);
}

async function advance(emulator: TestEmulator, seconds: number): Promise<void> {
  await emulator.admin('/clock', { advanceSeconds: seconds });
}

async function untilBusy(emulator: TestEmulator): Promise<void> {
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]),
  );
}

async function untilHeard(emulator: TestEmulator, payload: string): Promise<Response> {
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId };
  return fetch(`${emulator.url}/invocations`, { method: 'POST', headers, body: payload });
}

test('an answer that has not come in 15 minutes is none, and the session goes on', async () => {
  const emulator = await useSlowAgent();
  const asked = outcomeOf(emulator, 'never');
  await untilBusy(emulator);
  // The real time of a busy machine counts as well.
  await advance(emulator, 840);
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  await advance(emulator, 60);
  // The advance has waited for it.
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
  expect(await asked).toMatch(
    /^RuntimeClientError: The agent gave no answer: the 15 minutes that AgentCore gives a request are over\. Work that takes longer/,
  );
  expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
    expect.objectContaining({
      type: 'invocation',
      outcome: 'cut off: the 15 minutes that AgentCore gives a request are over',
    }),
  );
  expect(await outcomeOf(emulator, 'hello')).toBe('{}');
});

test('an agent card has the time of any request', async () => {
  const silent = serverAgent(`if (url.includes('agent-card')) return;`);
  const agent = await useAgent(silent.replace('8080', '9000'), { protocol: 'A2A' });
  const emulator = await useEmulator({ agents: [agent] });
  const asked = emulator
    .client()
    .send(new GetAgentCardCommand({ agentRuntimeArn: emulator.agent.arn, ...id }))
    .catch((error: Error) => error.message);
  await untilBusy(emulator);
  await advance(emulator, 900);
  expect(await asked).toBe(
    'The agent gave no card: the 15 minutes that AgentCore gives a request are over.',
  );
});

test('a session idles from the moment on at which its request met its limit', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(slowAgent)], idleTimeout: 60 });
  const asked = outcomeOf(emulator, 'never');
  await untilBusy(emulator);
  await advance(emulator, 900 + 61);
  expect(await emulator.sessions()).toMatchObject([
    { state: 'terminated', reason: 'idle-timeout' },
  ]);
  expect(await asked).toMatch(/are over/);
});

test('half an answer is cut off then, and a stream after an hour', async () => {
  const emulator = await useSlowAgent();
  const half = await untilHeard(emulator, 'half');
  const stream = await untilHeard(emulator, 'stream');
  await advance(emulator, 900);
  await expect(half.text()).rejects.toThrow(/terminated/);
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  await advance(emulator, 2_700);
  await expect(stream.text()).rejects.toThrow(/terminated/);
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
  const timeline = await emulator.timeline(id.runtimeSessionId);
  expect(timeline).toContainEqual(
    expect.objectContaining({
      outcome: 'cut off: the 60 minutes that AgentCore gives a stream are over',
    }),
  );
});

test('limits can be set, and be off', async () => {
  const short = await useSlowAgent({ request: 10 });
  const asked = outcomeOf(short, 'never');
  await untilBusy(short);
  await advance(short, 10);
  expect(await asked).toMatch(/the 10 seconds that AgentCore gives a request are over/);

  const endless = await useSlowAgent({ request: Infinity });
  const leaving = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId };
  const { signal } = leaving;
  const body = 'never';
  fetch(`${endless.url}/invocations`, { method: 'POST', headers, body, signal }).catch(() => {});
  await untilBusy(endless);
  await advance(endless, 20_000);
  expect(await endless.sessions()).toMatchObject([{ state: 'active' }]);
  leaving.abort();
});

test('what is cut off ends by a caller’s leaving no later', async () => {
  const emulator = await useSlowAgent();
  const leaving = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId };
  const { signal } = leaving;
  const stream = await fetch(`${emulator.url}/invocations`, {
    method: 'POST',
    headers,
    body: 'stream',
    signal,
  });
  expect(stream.status).toBe(200);
  leaving.abort();
  await eventually(async () =>
    expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('the invocation runs on') }),
    ),
  );
  await advance(emulator, 3_600);
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('an event of a stream that is too long cuts it off', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let event = 0; event < 20; event += 1) response.write('data: ' + 'x'.repeat(90) + '\\n\\n');
      if (String(body) === 'short') return response.end();
      return response.write('x'.repeat(101));
    }`),
  );
  const emulator = await useEmulator({ agents: [agent], limits: { chunk: 100 } });
  expect(await outcomeOf(emulator, 'short')).toHaveLength(20 * 98);
  await expect((await untilHeard(emulator, 'long')).text()).rejects.toThrow(/terminated/);
  expect(await emulator.timeline(id.runtimeSessionId)).toContainEqual(
    expect.objectContaining({
      outcome: "cut off: an event of the stream is longer than AgentCore's 100 bytes",
    }),
  );
});

test('a caller that never reads holds its agent back, and no longer than a stream may last', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations' && String(body) === 'flood') {
         response.writeHead(200, { 'content-type': 'text/event-stream' });
         response.once('close', () => (cut = true));
         const event = 'data: ' + 'x'.repeat(60_000) + '\\n\\n';
         while (!cut) {
           written += event.length;
           if (response.write(event)) continue;
           held = true;
           await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
           held = false;
         }
         return;
       }
       if (url === '/invocations') return json(response, { written, held, cut });`,
      'let written = 0, held = false, cut = false;',
    ),
  );
  const emulator = await useEmulator({ agents: [agent], idleTimeout: 7_200 });
  const { port } = new URL(emulator.url);
  const silent = connect(Number(port), '127.0.0.1');
  silent.pause();
  onTestFinished(() => void silent.destroy());
  const session = `X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: ${id.runtimeSessionId}`;
  silent.write(
    `POST /invocations HTTP/1.1\r\nHost: 127.0.0.1\r\n${session}\r\nContent-Length: 5\r\n\r\nflood`,
  );
  await untilBusy(emulator);
  await eventually(async () => expect(await emulator.invoke(id)).toMatchObject({ held: true }));
  // What is on its way is held by the sockets between them: some megabytes, however long it lasts.
  expect((await emulator.invoke(id))['written']).toBeLessThan(100_000_000);
  await advance(emulator, 3_600);
  await eventually(async () => expect(await emulator.invoke(id)).toMatchObject({ cut: true }));
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('a header on the allowlist may be 4 KB long', async () => {
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
    { message: expect.stringMatching(/value of the header X-Amzn-.*-A is longer than the 4096/) },
  ]);
  expect(await sessions()).toEqual([]);
  expect((await ask(4_096)).status).toBe(200);
});

test('calls are throttled where that was asked for, and the SDK’s own patience gets through', async () => {
  const never = await useEmulator({ agents: [await useAgent(echoAgent)], limits: { rate: 0 } });
  await expect(never.invoke()).rejects.toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429 },
    message: expect.stringMatching(/^Rate exceeded: .* takes 0 calls a second/),
  });
  const { url, agent } = await useEmulator({
    agents: [await useAgent(echoAgent)],
    limits: { rate: 1 },
  });
  const patient = new BedrockAgentCoreClient({ ...sdkSettings(url), maxAttempts: 30 });
  onTestFinished(() => patient.destroy());
  for (let calls = 0; calls < 3; calls += 1) {
    const { statusCode } = await patient.send(
      new InvokeAgentRuntimeCommand({ agentRuntimeArn: agent.arn, ...id, payload: '{}' }),
    );
    expect(statusCode).toBe(200);
  }
});

test('a rate is of any second, and of each agent', () => {
  let now = 0;
  const throttled = createThrottle(2, () => now);
  const at = (time: number, agent = 'a') => {
    now = time;
    return throttled(agent);
  };
  expect([at(0), at(600), at(999), at(999, 'b')]).toEqual([false, false, true, false]);
  expect([at(1_000), at(1_599), at(1_600)]).toEqual([false, true, false]);
});

test('no more sessions are active than was asked for, and one that ends makes room', async () => {
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
    message: expect.stringMatching(/^1 sessions are active, and .* no more than 1/),
  });
  expect(await emulator.invoke(id)).toMatchObject({ turns: 2 });
  await advance(emulator, 61);
  expect(await emulator.invoke(other)).toMatchObject({ turns: 1 });
});
