import { request } from 'node:http';
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { echoAgent, serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { steppedAgent } from './steppedAgent.ts';

test('The same session id reaches the same process, another id another process', async () => {
  const { invoke } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await invoke({ runtimeSessionId: sessionId('a') });
  const again = await invoke({ runtimeSessionId: sessionId('a') });
  const other = await invoke({ runtimeSessionId: sessionId('b') });
  expect(again).toMatchObject({ pid: first['pid'], turns: 2 });
  expect(other).toMatchObject({ turns: 1 });
  expect(other['pid']).not.toBe(first['pid']);
});

test('The session id is returned, and generated if absent', async () => {
  const { url, client, agent } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const given = await client().send(
    new InvokeAgentRuntimeCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: sessionId('mine'),
      payload: '{}',
    }),
  );
  expect(given.runtimeSessionId).toBe(sessionId('mine'));
  const made = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(made.headers.get('x-amzn-bedrock-agentcore-runtime-session-id')).toHaveLength(36);
});

test('An agent is reached by ARN and by id, and the default agent by /invocations', async () => {
  const { url, agent, invoke } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const id = { runtimeSessionId: sessionId('a') };
  const byArn = await invoke(id);
  const byId = await invoke({ ...id, agentRuntimeArn: agent.runtimeId, accountId: '123456789012' });
  const byPath = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') },
    body: '{}',
  });
  expect(byId['pid']).toBe(byArn['pid']);
  expect(await byPath.json()).toMatchObject({ pid: byArn['pid'], turns: 3 });
});

test('The payload and the forwarded headers reach the agent unchanged', async () => {
  const agent = await useAgent(echoAgent, {
    headerAllowlist: ['X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant'],
  });
  const { url } = await useEmulator({ agents: [agent] });
  const response = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=x',
      accept: 'application/json, text/event-stream',
      baggage: 'a=1',
      'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a'),
      'x-amzn-bedrock-agentcore-runtime-custom-tenant': 'acme',
      'x-amzn-bedrock-agentcore-runtime-custom-other': 'not listed',
      cookie: 'not for the agent',
    },
    body: '  not { json ',
  });
  const received = (await response.json()) as { body: string; headers: Record<string, string> };
  expect(received.body).toBe('  not { json ');
  expect(received.headers).toMatchObject({
    'content-type': 'text/plain; charset=x',
    accept: 'application/json, text/event-stream',
    baggage: 'a=1',
    'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a'),
    'x-amzn-bedrock-agentcore-runtime-custom-tenant': 'acme',
  });
  expect(received.headers['x-amzn-bedrock-agentcore-runtime-request-id']).toBe(
    response.headers.get('x-amzn-requestid'),
  );
  expect(Object.keys(received.headers)).not.toContain('cookie');
  expect(Object.keys(received.headers)).not.toContain(
    'x-amzn-bedrock-agentcore-runtime-custom-other',
  );
});

test('Each session has its own workload access token, which a caller cannot override', async () => {
  const names = ['workloadaccesstoken', 'x-amz-bedrock-agentcore-identity-wat'];
  const agent = await useAgent(echoAgent, {
    headerAllowlist: ['WorkloadAccessToken', 'X-Amz-Bedrock-AgentCore-Identity-WAT'],
  });
  const { url } = await useEmulator({ agents: [agent] });
  const fetchTokens = async (session: string) => {
    const response = await fetch(`${url}/invocations`, {
      method: 'POST',
      headers: {
        'x-amzn-bedrock-agentcore-runtime-session-id': sessionId(session),
        ...Object.fromEntries(names.map((name) => [name, 'forged'])),
      },
      body: '{}',
    });
    const { headers } = (await response.json()) as { headers: Record<string, string> };
    return names.map((name) => headers[name]);
  };
  const [token, again] = await fetchTokens('a');
  // The token is opaque. A JWT would contain dots.
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(again).toBe(token);
  expect(await fetchTokens('a')).toEqual([token, token]);
  expect(await fetchTokens('b')).not.toContain(token);
});

test('A missing Content-Type stays missing', async () => {
  const { url, agent } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const received = await new Promise<{ headers: object }>((resolve, reject) => {
    const sent = request(
      `${url}/runtimes/${encodeURIComponent(agent.arn)}/invocations`,
      { method: 'POST' },
      async (response) => {
        let text = '';
        for await (const chunk of response) text += String(chunk);
        resolve(JSON.parse(text) as { headers: object });
      },
    );
    sent.once('error', reject);
    sent.end('{}');
  });
  expect(Object.keys(received.headers)).not.toContain('content-type');
});

test('Each chunk of a stream arrives when the agent sends it, unchanged', async () => {
  const { url } = await useEmulator({ agents: [await useAgent(steppedAgent)] });
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const next = () => fetch(`${url}/invocations`, { method: 'POST', headers, body: 'next' });
  const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body: '{}' });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.getReader();
  for (const chunk of ['one', 'two', 'three']) {
    await next();
    const { value } = await reader.read();
    expect(Buffer.from(value).toString()).toBe(chunk);
  }
  expect((await reader.read()).done).toBe(true);
});

test('Sixteen concurrent invocations reach one session', async () => {
  // The agent responds when all invocations have arrived.
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') {
         waiting.push(response);
         if (waiting.length < Number(body)) return new Promise(() => {});
         for (const each of waiting.splice(0)) json(each, { pid: process.pid });
         return;
       }`,
      'const waiting = [];',
    ),
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  const id = { runtimeSessionId: sessionId('a') };
  const { pid } = await invoke({ ...id, payload: '1' });
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => invoke({ ...id, payload: '16' })),
  );
  expect(answers).toEqual(Array.from({ length: 16 }, () => ({ pid })));
});
