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

const ask = ({ invoke }: TestEmulator, name: string, payload: object = {}) =>
  invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify(payload) });

const stop = ({ client, agent }: TestEmulator, name: string) =>
  client().send(
    new StopRuntimeSessionCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: sessionId(name),
    }),
  );

test('what a session leaves at its mount path it finds again after a stop, and no other session does', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const emulator = await useEmulator({ agents: [agent] });
  expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': {} });
  await ask(emulator, 'a', note);
  expect(await ask(emulator, 'b')).toEqual({ '/mnt/data': {} });
  await stop(emulator, 'a');
  expect(await ask(emulator, 'c')).toEqual({ '/mnt/data': {} });
  expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
});

test('session storage outlives the emulator on the same data folder', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [agent], dataFolder });
  await ask(first, 'a', note);
  await first.close();
  const second = await useEmulator({ agents: [agent], dataFolder });
  expect(await ask(second, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
});

test('a new version begins with empty storage, and an endpoint that pins the old one with what was left', async () => {
  const endpoints = [{ name: 'prod', version: '1' }];
  const agent = await useAgent(storageAgent, { mounts, endpoints });
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [agent], dataFolder });
  await ask(first, 'a', note);
  await first.close();
  const changed = { ...agent, environment: { CHANGED: '1' } };
  const second = await useEmulator({ agents: [changed], dataFolder });
  expect(await ask(second, 'a')).toEqual({ '/mnt/data': {} });
  const pinned = { runtimeSessionId: sessionId('a'), qualifier: 'prod', payload: '{}' };
  expect(await second.invoke(pinned)).toEqual({ '/mnt/data': { note: 'remember me' } });
});

test('what sessions left of a runtime is gone with it', async () => {
  const dataFolder = await useFolder();
  const emulator = await useEmulator({
    agents: [await useAgent(storageAgent, { mounts })],
    dataFolder,
  });
  await ask(emulator, 'a', note);
  const { runtimeId: agentRuntimeId } = emulator.agent;
  await useControlPlane(emulator).send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await eventually(async () => expect(await readdir(join(dataFolder, 'storage'))).toEqual([]));
});

test('storage that no session has used for 14 days is gone, and not a day earlier', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const dataFolder = await useFolder();
  const emulator = await useEmulator({ agents: [agent], dataFolder });
  const pass = (days: number) => emulator.admin('/clock', { advanceSeconds: days * DAY });
  await ask(emulator, 'a', note);
  await stop(emulator, 'a');
  await pass(13);
  expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
  await stop(emulator, 'a');
  // Of these days the first 13 are counted anew, because it was used between.
  await pass(13);
  expect(await readdir(join(dataFolder, 'storage'))).toHaveLength(1);
  await pass(1);
  expect(await readdir(join(dataFolder, 'storage'))).toEqual([]);
  expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': {} });
});

test('the 14 days go on over a restart, also where the agent is no longer served', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [agent], dataFolder });
  await ask(first, 'a', note);
  await stop(first, 'a');
  await first.admin('/clock', { advanceSeconds: 7 * DAY });
  await first.close();
  const second = await useEmulator({ agents: [await useAgent(storageAgent)], dataFolder });
  await second.admin('/clock', { advanceSeconds: 6 * DAY });
  expect(await readdir(join(dataFolder, 'storage'))).toHaveLength(1);
  await second.admin('/clock', { advanceSeconds: DAY });
  expect(await readdir(join(dataFolder, 'storage'))).toEqual([]);
});

test('two mounts are two folders, and what is beside them ends with the machine', async () => {
  const agent = await useAgent(storageAgent, { mounts: ['/mnt/data', '/mnt/work'] });
  const emulator = await useEmulator({ agents: [agent] });
  const look = ['/mnt/data', '/mnt/work'];
  const write = { '/mnt/data/one': '1', '/mnt/work/two': '2', '/mnt/beside': '3' };
  const stored = { '/mnt/data': { one: '1' }, '/mnt/work': { two: '2' } };
  expect(await ask(emulator, 'a', { look, write })).toEqual(stored);
  await stop(emulator, 'a');
  expect(await ask(emulator, 'a', { look })).toEqual(stored);
  await expect(ask(emulator, 'a', { look: ['/mnt/beside'] })).rejects.toThrow(/ENOENT/);
});

test('what the computer has under /mnt stays visible to the agent, and nothing of it comes there', async () => {
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

test('an agent that is asked to end can still write down where it was', async () => {
  const agent = await useAgent(
    `${storageAgent}
     process.on('SIGTERM', () => {
       writeFileSync('/mnt/data/last', 'asked to end');
       process.exit();
     });`,
    { mounts },
  );
  const emulator = await useEmulator({ agents: [agent] });
  await ask(emulator, 'a');
  await stop(emulator, 'a');
  expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': { last: 'asked to end' } });
});

test('an agent with storage is the process that the emulator says it is, and ends with all its children', async () => {
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
  const { pid, child } = await ask(emulator, 'a');
  const [session] = await emulator.sessions();
  expect(session).toMatchObject({ compute: { kind: 'process', pid } });
  expect([isAlive(pid), isAlive(child)]).toEqual([true, true]);
  await stop(emulator, 'a');
  expect([isAlive(pid), isAlive(child)]).toEqual([false, false]);
});

test('an agent with storage that ends by itself is told by its own exit code', async () => {
  const agent = await useAgent(serverAgent(`if (url === '/invocations') process.exit(7);`), {
    mounts,
  });
  const emulator = await useEmulator({ agents: [agent] });
  await expect(ask(emulator, 'a')).rejects.toThrow(/exit code 7/);
});

test('where a process cannot have folders of its own the start says so, and what to do', async () => {
  const agent = await useAgent(storageAgent, { mounts });
  const emulator = await useEmulator({ agents: [agent] });
  vi.stubEnv('PATH', '/nowhere');
  const answer = ask(emulator, 'a');
  await expect(answer).rejects.toThrow(/there is no unshare on PATH.*"build": "Container"/);
  vi.unstubAllEnvs();
  expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': {} });
});

test('a mount that would hide the agent’s own files is refused, with the mend', async () => {
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
