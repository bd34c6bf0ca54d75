import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { steppedAgent } from './steppedAgent.ts';

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

test('an invocation whose caller leaves before the first byte runs to its end', async () => {
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
  await fetch(`${url}/invocations`, { method: 'POST', headers, body: 'left' });
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
