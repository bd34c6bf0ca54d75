import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { echoAgent, serverAgent, useAgent, useFolder } from '../../support/agents.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';

/** Streams three chunks, each when the test has asked for it at /next. */
const steppedAgent = serverAgent(
  `if (url === '/invocations' && String(body).includes('next')) {
     json(response, { finished });
     return release();
   }
   if (url === '/invocations') {
     response.writeHead(200, { 'content-type': 'text/event-stream' });
     response.flushHeaders();
     for (const chunk of ['one', 'two', 'three']) {
       await new Promise((resolve) => (release = resolve));
       response.write(chunk);
     }
     response.end();
     finished = true;
     return;
   }`,
  'let release = () => {}; let finished = false;',
);

test('the same session id reaches the same process, another id another', async () => {
  const { invoke } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await invoke({ runtimeSessionId: sessionId('a') });
  const again = await invoke({ runtimeSessionId: sessionId('a') });
  const other = await invoke({ runtimeSessionId: sessionId('b') });
  expect(again).toMatchObject({ pid: first['pid'], turns: 2 });
  expect(other).toMatchObject({ turns: 1 });
  expect(other['pid']).not.toBe(first['pid']);
});

test('the session id is echoed, and made up where none was given', async () => {
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

test('an agent is reached by ARN, by id, and the default one by /invocations', async () => {
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

test('the payload reaches the agent byte for byte, with the headers that it is to see', async () => {
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
  const seen = (await response.json()) as { body: string; headers: Record<string, string> };
  expect(seen.body).toBe('  not { json ');
  expect(seen.headers).toMatchObject({
    'content-type': 'text/plain; charset=x',
    accept: 'application/json, text/event-stream',
    baggage: 'a=1',
    'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a'),
    'x-amzn-bedrock-agentcore-runtime-custom-tenant': 'acme',
  });
  expect(seen.headers['x-amzn-bedrock-agentcore-runtime-request-id']).toBe(
    response.headers.get('x-amzn-requestid'),
  );
  expect(Object.keys(seen.headers)).not.toContain('cookie');
  expect(Object.keys(seen.headers)).not.toContain('x-amzn-bedrock-agentcore-runtime-custom-other');
});

test('each session’s agent gets a workload access token of its own, and never one that a caller sends', async () => {
  const names = ['workloadaccesstoken', 'x-amz-bedrock-agentcore-identity-wat'];
  const agent = await useAgent(echoAgent, {
    headerAllowlist: ['WorkloadAccessToken', 'X-Amz-Bedrock-AgentCore-Identity-WAT'],
  });
  const { url } = await useEmulator({ agents: [agent] });
  const tokensOf = async (session: string) => {
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
  const [token, again] = await tokensOf('a');
  // No JWT, whose parts are set apart by dots.
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(again).toBe(token);
  expect(await tokensOf('a')).toEqual([token, token]);
  expect(await tokensOf('b')).not.toContain(token);
});

test('a missing Content-Type stays missing', async () => {
  const { url, agent } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const seen = await new Promise<{ headers: object }>((resolve, reject) => {
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
  expect(Object.keys(seen.headers)).not.toContain('content-type');
});

test('every chunk of a stream arrives when the agent sends it, alone and unchanged', async () => {
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

test('an invocation whose caller leaves in mid-stream runs on and counts as activity', async () => {
  const { url, sessions, timeline } = await useEmulator({
    agents: [await useAgent(steppedAgent)],
  });
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const next = async () => {
    const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body: 'next' });
    return (await response.json()) as { finished: boolean };
  };
  const leaving = new AbortController();
  const { signal } = leaving;
  await fetch(`${url}/invocations`, { method: 'POST', headers, body: '{}', signal });
  await next();
  leaving.abort();
  await eventually(async () =>
    expect(JSON.stringify(await timeline(sessionId('a')))).toContain('the invocation runs on'),
  );
  expect((await sessions())[0]).toMatchObject({ state: 'active', idleDeadline: null });
  await next();
  await next();
  await eventually(async () => expect(await next()).toEqual({ finished: true }));
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
});

test('with --on-disconnect abort the agent is told that its caller has left', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (String(body) === 'was it cut?') return json(response, { cut });
       if (url === '/invocations') {
         response.on('close', () => (cut = !response.writableFinished));
         response.writeHead(200);
         return response.write('first');
       }`,
      'let cut = false;',
    ),
  );
  const { url, invoke } = await useEmulator({ agents: [agent], onDisconnect: 'abort' });
  const leaving = new AbortController();
  const { signal } = leaving;
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const streaming = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers,
    body: '{}',
    signal,
  });
  await streaming.body!.getReader().read();
  leaving.abort();
  await eventually(async () =>
    expect(await invoke({ runtimeSessionId: sessionId('a'), payload: 'was it cut?' })).toEqual({
      cut: true,
    }),
  );
});

test('sixteen invocations at once reach one warm session together', async () => {
  // None is answered before all are there.
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

test('an invocation whose caller leaves before the first byte runs to its end', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (String(body) === 'slow') {
         started = true;
         await sleep(200);
         response.end('x'.repeat(1_000_000));
         await new Promise((resolve) => response.on('finish', resolve));
         finished = true;
         return;
       }
       if (url === '/invocations') return json(response, { started, finished });`,
      'let started = false, finished = false;',
    ),
  );
  const { url, invoke, sessions } = await useEmulator({ agents: [agent] });
  const id = { runtimeSessionId: sessionId('a') };
  await invoke(id);
  const leaving = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const slow = fetch(`${url}/invocations`, {
    method: 'POST',
    headers,
    body: 'slow',
    signal: leaving.signal,
  });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ started: true }));
  leaving.abort();
  await expect(slow).rejects.toThrow(/aborted/);
  await eventually(async () => expect(await invoke(id)).toMatchObject({ finished: true }));
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
});

test('with --on-disconnect abort nothing is left to do for a caller that leaves while the agent starts', async () => {
  const gate = join(await useFolder(), 'open');
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return;`,
      `import { existsSync } from 'node:fs';
       while (!existsSync(${JSON.stringify(gate)})) await sleep(10);`,
    ),
  );
  const { url, sessions } = await useEmulator({ agents: [agent], onDisconnect: 'abort' });
  const leaving = new AbortController();
  const { signal } = leaving;
  const asked = fetch(`${url}/invocations`, { method: 'POST', body: '{}', signal });
  asked.catch(() => {});
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'starting' }]));
  leaving.abort();
  await expect(asked).rejects.toThrow(/aborted/);
  await sessions();
  await writeFile(gate, '');
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'idle' }]));
});

test('with --on-disconnect abort an agent that still thinks is told, too', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (String(body) === 'think') {
         thinking = true;
         request.socket.once('close', () => (cut = true));
         return sleep(60_000);
       }
       if (url === '/invocations') return json(response, { thinking, cut });`,
      'let thinking = false, cut = false;',
    ),
  );
  const { url, invoke } = await useEmulator({ agents: [agent], onDisconnect: 'abort' });
  const id = { runtimeSessionId: sessionId('a') };
  await invoke(id);
  const leaving = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const { signal } = leaving;
  const thought = fetch(`${url}/invocations`, { method: 'POST', headers, body: 'think', signal });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ thinking: true }));
  leaving.abort();
  await expect(thought).rejects.toThrow(/aborted/);
  await eventually(async () => expect(await invoke(id)).toMatchObject({ cut: true }));
});
