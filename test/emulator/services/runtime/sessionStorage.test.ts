import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { DeleteAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test, vi } from 'vitest';
import { createPrivateMounts } from '../../../../emulator/compute/process/privateMounts.ts';
import { serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { useControlPlane } from '../../../support/controlPlane.ts';
import { eventually } from '../../../support/eventually.ts';
import { isAlive } from '../../../support/processes.ts';
import { storageAgent } from '../../../support/storageAgent.ts';

const DAY = 24 * 60 * 60;

const mounts = ['/mnt/data'];
const note = { write: { '/mnt/data/note': 'remember me' } };

const invokeWith = ({ invoke }: TestEmulator, name: string, payload: object = {}) =>
  invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify(payload) });

const stopSession = ({ client, agent }: TestEmulator, name: string) =>
  client().send(
    new StopRuntimeSessionCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: sessionId(name),
    }),
  );

test('A session finds its files at the mount path after a stop, and no other session does', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const emulator = await useEmulator({ agents: [agent] });
  expect(await invokeWith(emulator, 'a')).toEqual({ '/mnt/data': {} });
  await invokeWith(emulator, 'a', note);
  expect(await invokeWith(emulator, 'b')).toEqual({ '/mnt/data': {} });
  await stopSession(emulator, 'a');
  expect(await invokeWith(emulator, 'c')).toEqual({ '/mnt/data': {} });
  expect(await invokeWith(emulator, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
});

test('Session storage survives a restart of the emulator on the same data folder', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [agent], dataFolder });
  await invokeWith(first, 'a', note);
  await first.close();
  const second = await useEmulator({ agents: [agent], dataFolder });
  expect(await invokeWith(second, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
});

test('A new version starts with empty storage, and a pinned endpoint keeps its storage', async () => {
  const endpoints = [{ name: 'prod', version: '1' }];
  const agent = await useAgent(storageAgent, { mounts, endpoints });
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [agent], dataFolder });
  await invokeWith(first, 'a', note);
  await first.close();
  const changed = { ...agent, environment: { CHANGED: '1' } };
  const second = await useEmulator({ agents: [changed], dataFolder });
  expect(await invokeWith(second, 'a')).toEqual({ '/mnt/data': {} });
  const pinned = { runtimeSessionId: sessionId('a'), qualifier: 'prod', payload: '{}' };
  expect(await second.invoke(pinned)).toEqual({ '/mnt/data': { note: 'remember me' } });
});

test('Deleting a runtime removes its session storage', async () => {
  const dataFolder = await useFolder();
  const emulator = await useEmulator({
    agents: [await useAgent(storageAgent, { mounts })],
    dataFolder,
  });
  await invokeWith(emulator, 'a', note);
  const { runtimeId: agentRuntimeId } = emulator.agent;
  await useControlPlane(emulator).send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await eventually(async () => expect(await readdir(join(dataFolder, 'storage'))).toEqual([]));
});

test('Session storage is removed after 14 unused days, not earlier', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const dataFolder = await useFolder();
  const emulator = await useEmulator({ agents: [agent], dataFolder });
  const pass = (days: number) => emulator.admin('/clock', { advanceSeconds: days * DAY });
  await invokeWith(emulator, 'a', note);
  await stopSession(emulator, 'a');
  await pass(13);
  expect(await invokeWith(emulator, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
  await stopSession(emulator, 'a');
  // The 14 days restart because the storage was used in between.
  await pass(13);
  expect(await readdir(join(dataFolder, 'storage'))).toHaveLength(1);
  await pass(1);
  expect(await readdir(join(dataFolder, 'storage'))).toEqual([]);
  expect(await invokeWith(emulator, 'a')).toEqual({ '/mnt/data': {} });
});

test('The 14 days continue over a restart, even without the agent’s mounts', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [agent], dataFolder });
  await invokeWith(first, 'a', note);
  await stopSession(first, 'a');
  await first.admin('/clock', { advanceSeconds: 7 * DAY });
  await first.close();
  const second = await useEmulator({ agents: [await useAgent(storageAgent)], dataFolder });
  await second.admin('/clock', { advanceSeconds: 6 * DAY });
  expect(await readdir(join(dataFolder, 'storage'))).toHaveLength(1);
  await second.admin('/clock', { advanceSeconds: DAY });
  expect(await readdir(join(dataFolder, 'storage'))).toEqual([]);
});

test('Two mounts are two folders, and other files under /mnt end with the machine', async () => {
  const agent = await useAgent(storageAgent, { mounts: ['/mnt/data', '/mnt/work'] });
  const emulator = await useEmulator({ agents: [agent] });
  const paths = ['/mnt/data', '/mnt/work'];
  const write = { '/mnt/data/one': '1', '/mnt/work/two': '2', '/mnt/beside': '3' };
  const stored = { '/mnt/data': { one: '1' }, '/mnt/work': { two: '2' } };
  expect(await invokeWith(emulator, 'a', { look: paths, write })).toEqual(stored);
  await stopSession(emulator, 'a');
  expect(await invokeWith(emulator, 'a', { look: paths })).toEqual(stored);
  await expect(invokeWith(emulator, 'a', { look: ['/mnt/beside'] })).rejects.toThrow(/ENOENT/);
});

test('The computer’s /mnt stays visible to the agent and unchanged', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return json(response, { folders: readdirSync('/mnt') });`,
      `import { readdirSync } from 'node:fs';`,
    ),
    { mounts: ['/mnt/agentcore-test'] },
  );
  const before = await readdir('/mnt');
  const { invoke } = await useEmulator({ agents: [agent] });
  const { folders } = (await invoke()) as { folders: string[] };
  expect(folders.toSorted()).toEqual([...before, 'agentcore-test'].toSorted());
  expect(await readdir('/mnt')).toEqual(before);
});

test('An agent can write to its storage while it shuts down', async () => {
  const agent = await useAgent(
    `${storageAgent}
     process.on('SIGTERM', () => {
       writeFileSync('/mnt/data/last', 'asked to end');
       process.exit();
     });`,
    { mounts },
  );
  const emulator = await useEmulator({ agents: [agent] });
  await invokeWith(emulator, 'a');
  await stopSession(emulator, 'a');
  expect(await invokeWith(emulator, 'a')).toEqual({ '/mnt/data': { last: 'asked to end' } });
});

test('An agent with storage has the reported process ID and ends with all its children', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') {
         const child = spawn('sleep', ['600'], { stdio: 'ignore' });
         return json(response, { pid: process.pid, child: child.pid });
       }`,
      `import { spawn } from 'node:child_process';`,
    ),
    { mounts },
  );
  const emulator = await useEmulator({ agents: [agent] });
  const { pid, child } = await invokeWith(emulator, 'a');
  const [session] = await emulator.sessions();
  expect(session).toMatchObject({ compute: { kind: 'process', pid } });
  expect([isAlive(pid), isAlive(child)]).toEqual([true, true]);
  await stopSession(emulator, 'a');
  expect([isAlive(pid), isAlive(child)]).toEqual([false, false]);
});

test('The exit code of an agent with storage is reported', async () => {
  const agent = await useAgent(serverAgent(`if (url === '/invocations') process.exit(7);`), {
    mounts,
  });
  const emulator = await useEmulator({ agents: [agent] });
  await expect(invokeWith(emulator, 'a')).rejects.toThrow(/exit code 7/);
});

test('Without private mounts the start fails with a reason and a fix', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const emulator = await useEmulator({ agents: [agent] });
  vi.stubEnv('PATH', '/nowhere');
  const answer = invokeWith(emulator, 'a');
  await expect(answer).rejects.toThrow(/there is no unshare on PATH.*"build": "Container"/);
  vi.unstubAllEnvs();
  expect(await invokeWith(emulator, 'a')).toEqual({ '/mnt/data': {} });
});

test('A mount that would hide the agent’s files is rejected with a fix', async () => {
  const mounted = {
    storage: { id: 'x', mounts },
    storageFolder: '/nowhere/storage',
    place: '/nowhere/mnt',
    needs: ['/home/me', '/mnt/data/project'],
  };
  await expect(createPrivateMounts().wrap(['true'], mounted)).rejects.toThrow(
    'the session storage at /mnt/data would hide /mnt/data/project, which the agent needs. Choose another mountPath',
  );
});
