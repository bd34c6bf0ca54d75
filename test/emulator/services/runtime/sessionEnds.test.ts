import {
  ResourceNotFoundException,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { echoAgent, serverAgent, useAgent } from '../../../support/agents.ts';
import { isAlive } from '../../../support/processes.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

const id = { runtimeSessionId: sessionId('a') };

test('A stopped session ends with its process, and its id starts a new run', async () => {
  const { invoke, client, agent, sessions } = await useEmulator({
    agents: [await useAgent(echoAgent)],
  });
  const before = await invoke(id);
  const stop = () =>
    client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...id }));
  expect(await stop()).toMatchObject({ ...id, statusCode: 200 });
  expect(isAlive(before['pid'])).toBe(false);
  await expect(stop()).rejects.toBeInstanceOf(ResourceNotFoundException);

  const after = await invoke(id);
  expect(after).toMatchObject({ turns: 1 });
  expect(after['pid']).not.toBe(before['pid']);
  expect(await sessions()).toMatchObject([
    { run: 1, state: 'terminated', reason: 'stopped' },
    { run: 2, state: 'idle', reason: null },
  ]);
});

test('A repeated StopRuntimeSession returns the first result and does not stop the next run', async () => {
  const { client, agent, invoke, sessions } = await useEmulator({
    agents: [await useAgent(echoAgent)],
  });
  const id = { runtimeSessionId: sessionId('a') };
  const stop = (clientToken: string) =>
    client().send(
      new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...id, clientToken }),
    );
  const [first, second] = ['a'.repeat(33), 'b'.repeat(33)] as const;
  // An error is not stored.
  await expect(stop(first)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await invoke(id);
  const stopped = { ...id, statusCode: 200 };
  const concurrent = await Promise.all([stop(first), stop(first)]);
  expect([...concurrent, await stop(first)]).toMatchObject([stopped, stopped, stopped]);
  await expect(stop(second)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await invoke(id);
  expect(await stop(first)).toMatchObject(stopped);
  expect(await sessions()).toMatchObject([{ state: 'terminated' }, { state: 'idle' }]);
  expect(await stop(second)).toMatchObject(stopped);
});

test('Stopping a session closes its streams', async () => {
  const endless = serverAgent(`if (url === '/invocations') return response.write('first');`);
  const { client, url, agent, sessions } = await useEmulator({ agents: [await useAgent(endless)] });
  const streaming = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': id.runtimeSessionId },
    body: '{}',
  });
  const reader = streaming.body!.getReader();
  await reader.read();
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...id }));
  await expect(reader.read()).rejects.toThrow(/terminated/);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'stopped' });
});

test('A session ends after 15 idle minutes, before the clock’s response', async () => {
  const { invoke, admin, sessions } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { pid } = await invoke(id);
  await admin('/clock', { advanceSeconds: 899 });
  expect((await sessions())[0]).toMatchObject({ state: 'idle' });
  await invoke(id);
  await admin('/clock', { advanceSeconds: 899 });
  expect(isAlive(pid)).toBe(true);
  await admin('/clock', { advanceSeconds: 2 });
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'idle-timeout' });
  expect(isAlive(pid)).toBe(false);
});

test('A session that is never idle ends after eight hours', async () => {
  const busy = serverAgent(
    `if (url === '/ping') return json(response, { status: 'HealthyBusy', time_of_last_update: 1700000000 });`,
  );
  const { invoke, admin, sessions } = await useEmulator({ agents: [await useAgent(busy)] });
  await invoke(id);
  await admin('/clock', { advanceSeconds: 28_790 });
  expect((await sessions())[0]).toMatchObject({ state: 'active', idleDeadline: null });
  await admin('/clock', { advanceSeconds: 10 });
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'max-lifetime' });
});

test('Timeouts come from the agent, and options override them', async () => {
  const agent = await useAgent(echoAgent, {
    lifecycle: { idleRuntimeSessionTimeout: 120, maxLifetime: 3600 },
  });
  const idleSeconds = ({
    idleDeadline,
    lastActivityAt,
  }: {
    idleDeadline: string | null;
    lastActivityAt: string;
  }) => (Date.parse(idleDeadline!) - Date.parse(lastActivityAt)) / 1000;
  const fromAgent = await useEmulator({ agents: [agent] });
  await fromAgent.invoke(id);
  expect(idleSeconds((await fromAgent.sessions())[0]!)).toBe(120);
  const fromOption = await useEmulator({ agents: [agent], idleTimeout: 5 });
  await fromOption.invoke(id);
  expect(idleSeconds((await fromOption.sessions())[0]!)).toBe(5);
});

test('A short maximum lifetime shortens the default idle timeout, as in AWS', async () => {
  const agent = await useAgent(echoAgent, { lifecycle: { maxLifetime: 300 } });
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  await invoke(id);
  const [session] = await sessions();
  expect(Date.parse(session!.idleDeadline!) - Date.parse(session!.lastActivityAt)).toBe(300_000);
});

test('An agent that ignores SIGTERM is killed with all its processes', async () => {
  const stubborn = serverAgent(
    `if (url === '/invocations') return json(response, { pid: process.pid, child: child.pid });`,
    `import { spawn } from 'node:child_process';
     process.on('SIGTERM', () => {});
     const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM",()=>{});setInterval(()=>{},1e3)']);`,
  );
  const { invoke, client, agent } = await useEmulator({ agents: [await useAgent(stubborn)] });
  const { pid, child } = await invoke(id);
  expect([isAlive(pid), isAlive(child)]).toEqual([true, true]);
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...id }));
  await eventually(() => expect([isAlive(pid), isAlive(child)]).toEqual([false, false]));
});

test('A closed emulator leaves no process, even of a starting session', async () => {
  const slow = await useAgent(`
    import { writeFileSync } from 'node:fs';
    writeFileSync(process.env.PID_FILE, String(process.pid));
    setInterval(() => {}, 1000);
  `);
  const pidFile = `${slow.root}/pid`;
  const emulator = await useEmulator({
    agents: [
      { ...slow, environment: { PID_FILE: pidFile } },
      await useAgent(echoAgent, { name: 'Other' }),
    ],
  });
  const { pid } = await emulator.invoke({ ...id, agentRuntimeArn: await otherArn() });
  const starting = emulator.invoke(id).catch((error: unknown) => error);
  // The file exists shortly before it has content.
  const slowPid = await eventually(async () => {
    const written = Number(await readFile(pidFile, 'utf8'));
    expect(written).toBeGreaterThan(0);
    return written;
  });
  await emulator.close();
  expect([isAlive(pid), isAlive(slowPid)]).toEqual([false, false]);
  expect(await starting).toBeInstanceOf(Error);

  async function otherArn() {
    const { agents } = await emulator.admin<{ agents: { name: string; arn: string }[] }>('/agents');
    return agents.find(({ name }) => name === 'Other')!.arn;
  }
});

test('An emulator that closes at the beginning of a start leaves nothing behind', async () => {
  const agent = await useAgent(echoAgent);
  const emulator = await useEmulator({ agents: [agent] });
  const starting = emulator.invoke(id).catch((error: unknown) => error);
  await eventually(async () => expect(await emulator.sessions()).toHaveLength(1));
  await emulator.close();
  expect(await starting).toBeInstanceOf(Error);
});

test('Read-only files are removed with their session', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') {
         mkdirSync('locked');
         writeFileSync('locked/file', '');
         chmodSync('locked', 0o555);
         return json(response, { folder: process.cwd() });
       }`,
      `import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';`,
    ),
  );
  const { invoke, client, agent: runtime } = await useEmulator({ agents: [agent] });
  const { folder } = await invoke(id);
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: runtime.arn, ...id }));
  expect(existsSync(folder as string)).toBe(false);
});

test('A session URL is valid while its session runs', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') {
      return json(response, { endpoint: process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE });
    }`),
  );
  const { invoke, client, agent: runtime } = await useEmulator({ agents: [agent] });
  const { endpoint } = await invoke(id);
  const call = async () =>
    (await fetch(`${String(endpoint)}/memories/`, { method: 'POST' })).status;
  expect(await call()).toBe(200);
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: runtime.arn, ...id }));
  expect(await call()).toBe(403);
});
