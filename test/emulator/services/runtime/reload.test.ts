import { DeleteAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { ResourceNotFoundException } from '@aws-sdk/client-bedrock-agentcore';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../../../src/shared/session.ts';
import { serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { useControlPlane } from '../../../support/controlPlane.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

const id = { runtimeSessionId: sessionId('a') };

/** The code of an agent that returns the given word and the number of its invocations. */
const agentCode = (word: string, before = '') =>
  serverAgent(
    `if (url === '/invocations') {
       turns += 1;
       if (String(body).includes('slow')) await sleep(3_000);
       return json(response, { word: '${word}', turns });
     }`,
    `${before} let turns = 0;`,
  );

/** Starts an emulator with an agent whose code can be changed. */
async function useChangingAgent(
  options: Partial<Parameters<typeof useEmulator>[0]> = {},
): Promise<TestEmulator & { change(code: string): Promise<void> }> {
  const source = await useAgent(agentCode('one'));
  const emulator = await useEmulator({ agents: [source], ...options });
  return { ...emulator, change: (code) => writeFile(join(source.code, 'main.mjs'), code) };
}

test('An idle session restarts with changed code under its id, with the reason reloaded', async () => {
  const { invoke, change, sessions } = await useChangingAgent();
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 1 });
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 2 });
  await change(agentCode('two'));
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'two' }));
  expect(await sessions()).toMatchObject([
    { sessionId: id.runtimeSessionId, run: 1, state: 'terminated', reason: 'reloaded' },
    { run: 2, state: 'idle' },
  ]);
});

test('Changes during the start of the first session are detected', async () => {
  const source = await useAgent(
    agentCode('one', 'await new Promise((go) => setTimeout(go, 400));'),
  );
  const { invoke, sessions } = await useEmulator({ agents: [source] });
  const answer = invoke(id);
  await eventually(async () =>
    expect(await sessions()).toMatchObject([{ compute: { kind: 'process' } }]),
  );
  await writeFile(join(source.code, 'main.mjs'), agentCode('two'));
  expect(await answer).toMatchObject({ word: 'one' });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'two' }));
});

test('Code that does not start is reported, and the old code serves until it is fixed', async () => {
  const { agent, admin, invoke, change, timeline, log, sessions } = await useChangingAgent();
  await invoke(id);
  await change('this is no JavaScript (');
  await eventually(() =>
    expect(log.join('\n')).toMatch(
      /does not start\. Running sessions keep the old code\..*SyntaxError/s,
    ),
  );
  expect(await timeline(id.runtimeSessionId)).toContainEqual(
    expect.objectContaining({
      type: 'code',
      file: 'main.mjs',
      problem: expect.stringMatching(/SyntaxError/),
    }),
  );
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 2 });
  expect(await sessions()).toHaveLength(1);
  await change(agentCode('fixed'));
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'fixed' }));
  const { timeline: old } = await admin<{ timeline: TimelineEntry[] }>(
    `/sessions/${agent.runtimeId}/${id.runtimeSessionId}/1/timeline`,
  );
  expect(old.findLast(({ type }) => type === 'code')).toMatchObject({ problem: null });
});

test('A session does not restart with code that started once and is broken now', async () => {
  const { invoke, change, log } = await useChangingAgent();
  await invoke(id);
  await change(agentCode('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/The changed code starts/));
  await change('this is no JavaScript (');
  await eventually(() => expect(log.join('\n')).toMatch(/The changed code does not start/));
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 2 });
  await change(agentCode('three'));
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'three' }));
});

test('A code change does not interrupt a request', async () => {
  const { invoke, change, log } = await useChangingAgent();
  await invoke(id);
  const slow = invoke({ ...id, payload: '{"slow":true}' });
  await change(agentCode('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/main\.mjs changed/));
  expect(await slow).toMatchObject({ word: 'one' });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'two' }));
});

test('With onChange wait a session keeps its code, and its next run has the new code', async () => {
  const { invoke, change, log, admin } = await useChangingAgent({
    onChange: 'wait',
    idleTimeout: 100,
  });
  await invoke(id);
  await change(agentCode('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/main\.mjs changed/));
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 2 });
  await admin('/clock', { advanceSeconds: 101 });
  expect(await invoke(id)).toMatchObject({ word: 'two', turns: 1 });
});

test('Warm instances are replaced when the code changes', async () => {
  const { invoke, change, log, countWarmMachines } = await useChangingAgent({ warm: 1 });
  await invoke(id);
  await change(agentCode('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/main\.mjs changed/));
  await eventually(async () => expect(await countWarmMachines()).toBe(1));
  expect(await invoke()).toMatchObject({ word: 'two' });
});

test('An instance that waits for a reload is removed with the last session', async () => {
  const { invoke, change, admin, countWarmMachines } = await useChangingAgent({ idleTimeout: 100 });
  await invoke(id);
  await change(agentCode('two'));
  await eventually(async () => expect(await countWarmMachines()).toBe(1));
  await admin('/clock', { advanceSeconds: 101 });
  expect(await countWarmMachines()).toBe(0);
});

test('Installed packages and files of tools are not code changes', async () => {
  const source = await useAgent(agentCode('one'));
  const { invoke, log } = await useEmulator({ agents: [source] });
  await invoke(id);
  for (const folder of ['node_modules', '__pycache__', '.venv']) {
    await mkdir(join(source.code, folder));
    await writeFile(join(source.code, folder, 'file'), '');
  }
  await writeFile(join(source.code, 'other.mjs'), '');
  await eventually(() => expect(log.join('\n')).toMatch(/other\.mjs changed/));
  expect(log.filter((line) => line.endsWith(' changed'))).toHaveLength(1);
});

test('A link to an outside folder is watched, a link to a parent folder is not', async () => {
  const source = await useAgent(agentCode('one'));
  const [code, elsewhere] = [join(source.root, 'app'), await useFolder()];
  await mkdir(code);
  await writeFile(join(code, 'main.mjs'), agentCode('one'));
  await symlink('..', join(code, 'endless'));
  await symlink('main.mjs', join(code, 'again.mjs'));
  await symlink(elsewhere, join(code, 'shared'));
  await symlink('.', join(elsewhere, 'endless'));
  const { invoke, log } = await useEmulator({ agents: [{ ...source, code }] });
  await invoke(id);
  await writeFile(join(source.root, 'around.mjs'), '');
  await writeFile(join(elsewhere, 'words.mjs'), '');
  await eventually(() => expect(log.join('\n')).toMatch(/shared[/\\]words\.mjs changed/));
  expect(log.filter((line) => line.endsWith(' changed'))).toHaveLength(1);
});

test('A session whose runtime is deleted during a reload does not restart', async () => {
  const release = join(await useFolder(), 'release');
  const slowShutdown = `
    import { existsSync } from 'node:fs';
    process.on('SIGTERM', () => setInterval(() => existsSync('${release}') && process.exit(), 20));`;
  const source = await useAgent(agentCode('one', slowShutdown));
  const emulator = await useEmulator({ agents: [source] });
  const { invoke, sessions, countWarmMachines } = emulator;
  await invoke(id);
  await writeFile(join(source.code, 'main.mjs'), agentCode('two'));
  await eventually(async () => expect(await countWarmMachines()).toBe(1));
  const invoking = invoke(id);
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'terminating' }]));
  const { runtimeId: agentRuntimeId } = emulator.agent;
  await useControlPlane(emulator).send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await writeFile(release, '');
  await expect(invoking).rejects.toBeInstanceOf(ResourceNotFoundException);
  expect(await sessions()).toMatchObject([{ state: 'terminated' }]);
});
