import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { steppedAgent } from './steppedAgent.ts';

test('An invocation continues and counts as activity when its caller disconnects during a stream', async () => {
  const { url, sessions, timeline } = await useEmulator({
    agents: [await useAgent(steppedAgent)],
  });
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const next = async () => {
    const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body: 'next' });
    return (await response.json()) as { finished: boolean };
  };
  const disconnect = new AbortController();
  const { signal } = disconnect;
  await fetch(`${url}/invocations`, { method: 'POST', headers, body: '{}', signal });
  await next();
  disconnect.abort();
  await eventually(async () =>
    expect(JSON.stringify(await timeline(sessionId('a')))).toContain('The invocation continues'),
  );
  expect((await sessions())[0]).toMatchObject({ state: 'active', idleDeadline: null });
  await next();
  await next();
  await eventually(async () => expect(await next()).toEqual({ finished: true }));
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
});

test('With --on-disconnect abort the agent’s connection closes when its caller disconnects', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (String(body) === 'was it closed?') return json(response, { closed });
       if (url === '/invocations') {
         response.on('close', () => (closed = !response.writableFinished));
         response.writeHead(200);
         return response.write('first');
       }`,
      'let closed = false;',
    ),
  );
  const { url, invoke } = await useEmulator({ agents: [agent], onDisconnect: 'abort' });
  const disconnect = new AbortController();
  const { signal } = disconnect;
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const streaming = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers,
    body: '{}',
    signal,
  });
  await streaming.body!.getReader().read();
  disconnect.abort();
  await eventually(async () =>
    expect(await invoke({ runtimeSessionId: sessionId('a'), payload: 'was it closed?' })).toEqual({
      closed: true,
    }),
  );
});

test('An invocation completes when its caller disconnects before the first byte', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (String(body) === 'slow') {
         started = true;
         await left;
         response.end('x'.repeat(1_000_000));
         await new Promise((resolve) => response.on('finish', resolve));
         finished = true;
         return;
       }
       if (String(body) === 'left') leave();
       if (url === '/invocations') return json(response, { started, finished });`,
      'let started = false, finished = false, leave; const left = new Promise((resolve) => (leave = resolve));',
    ),
  );
  const { url, invoke, sessions } = await useEmulator({ agents: [agent] });
  const id = { runtimeSessionId: sessionId('a') };
  await invoke(id);
  const disconnect = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const slow = fetch(`${url}/invocations`, {
    method: 'POST',
    headers,
    body: 'slow',
    signal: disconnect.signal,
  });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ started: true }));
  disconnect.abort();
  await expect(slow).rejects.toThrow(/aborted/);
  await fetch(`${url}/invocations`, { method: 'POST', headers, body: 'left' });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ finished: true }));
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
});

test('With --on-disconnect abort a caller that disconnects during the start leaves an idle session', async () => {
  const gate = join(await useFolder(), 'open');
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return;`,
      `import { existsSync } from 'node:fs';
       while (!existsSync(${JSON.stringify(gate)})) await sleep(10);`,
    ),
  );
  const { url, sessions } = await useEmulator({ agents: [agent], onDisconnect: 'abort' });
  const disconnect = new AbortController();
  const { signal } = disconnect;
  const invocation = fetch(`${url}/invocations`, { method: 'POST', body: '{}', signal });
  invocation.catch(() => {});
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'starting' }]));
  disconnect.abort();
  await expect(invocation).rejects.toThrow(/aborted/);
  await sessions();
  await writeFile(gate, '');
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'idle' }]));
});

test('With --on-disconnect abort the connection closes before the first byte as well', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (String(body) === 'think') {
         thinking = true;
         request.socket.once('close', () => (closed = true));
         return sleep(60_000);
       }
       if (url === '/invocations') return json(response, { thinking, closed });`,
      'let thinking = false, closed = false;',
    ),
  );
  const { url, invoke } = await useEmulator({ agents: [agent], onDisconnect: 'abort' });
  const id = { runtimeSessionId: sessionId('a') };
  await invoke(id);
  const disconnect = new AbortController();
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('a') };
  const { signal } = disconnect;
  const invocation = fetch(`${url}/invocations`, {
    method: 'POST',
    headers,
    body: 'think',
    signal,
  });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ thinking: true }));
  disconnect.abort();
  await expect(invocation).rejects.toThrow(/aborted/);
  await eventually(async () => expect(await invoke(id)).toMatchObject({ closed: true }));
});
