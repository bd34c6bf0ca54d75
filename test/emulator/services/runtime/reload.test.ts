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

/** Answers with the word that stands in its code, and with how often it was asked. */
const saying = (word: string, before = '') =>
  serverAgent(
    `if (url === '/invocations') {
       turns += 1;
       if (String(body).includes('slow')) await sleep(3_000);
       return json(response, { word: '${word}', turns });
     }`,
    `${before} let turns = 0;`,
  );

/** An emulator of an agent whose code can be changed. */
async function useChanging(
  options: Partial<Parameters<typeof useEmulator>[0]> = {},
): Promise<TestEmulator & { change(code: string): Promise<void> }> {
  const source = await useAgent(saying('one'));
  const emulator = await useEmulator({ agents: [source], ...options });
  return { ...emulator, change: (code) => writeFile(join(source.code, 'main.mjs'), code) };
}

test('an idle session goes on with changed code, under its id, and says that it was reloaded', async () => {
  const { invoke, change, sessions } = await useChanging();
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 1 });
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 2 });
  await change(saying('two'));
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'two' }));
  expect(await sessions()).toMatchObject([
    { sessionId: id.runtimeSessionId, run: 1, state: 'terminated', reason: 'reloaded' },
    { run: 2, state: 'idle' },
  ]);
});

test('what changes while the first session starts is seen', async () => {
  const source = await useAgent(saying('one', 'await new Promise((go) => setTimeout(go, 400));'));
  const { invoke, sessions } = await useEmulator({ agents: [source] });
  const answer = invoke(id);
  await eventually(async () =>
    expect(await sessions()).toMatchObject([{ compute: { kind: 'process' } }]),
  );
  await writeFile(join(source.code, 'main.mjs'), saying('two'));
  expect(await answer).toMatchObject({ word: 'one' });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'two' }));
});

test('code that does not start is shown, and the old one serves on until it is mended', async () => {
  const { agent, admin, invoke, change, timeline, log, sessions } = await useChanging();
  await invoke(id);
  await change('this is no JavaScript (');
  await eventually(() =>
    expect(log.join('\n')).toMatch(
      /does not start\. Sessions that live go on with the old one.*SyntaxError/s,
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
  await change(saying('mended'));
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'mended' }));
  const { timeline: old } = await admin<{ timeline: TimelineEntry[] }>(
    `/sessions/${agent.runtimeId}/${id.runtimeSessionId}/1/timeline`,
  );
  expect(old.findLast(({ type }) => type === 'code')).toMatchObject({ problem: null });
});

test('a session does not begin anew with code that started once and has been broken since', async () => {
  const { invoke, change, log } = await useChanging();
  await invoke(id);
  await change(saying('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/the changed code starts/));
  await change('this is no JavaScript (');
  await eventually(() => expect(log.join('\n')).toMatch(/the changed code does not start/));
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 2 });
  await change(saying('three'));
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'three' }));
});

test('what a session does when its code changes is not cut off', async () => {
  const { invoke, change, log } = await useChanging();
  await invoke(id);
  const slow = invoke({ ...id, payload: '{"slow":true}' });
  await change(saying('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/main\.mjs changed/));
  expect(await slow).toMatchObject({ word: 'one' });
  await eventually(async () => expect(await invoke(id)).toMatchObject({ word: 'two' }));
});

test('with onChange wait a session keeps its code, and its next life has the new one', async () => {
  const { invoke, change, log, admin } = await useChanging({ onChange: 'wait', idleTimeout: 100 });
  await invoke(id);
  await change(saying('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/main\.mjs changed/));
  expect(await invoke(id)).toMatchObject({ word: 'one', turns: 2 });
  await admin('/clock', { advanceSeconds: 101 });
  expect(await invoke(id)).toMatchObject({ word: 'two', turns: 1 });
});

test('machines that wait are made anew when the code changes', async () => {
  const { invoke, change, log, countWarmMachines: warmth } = await useChanging({ warm: 1 });
  await invoke(id);
  await change(saying('two'));
  await eventually(() => expect(log.join('\n')).toMatch(/main\.mjs changed/));
  await eventually(async () => expect(await warmth()).toBe(1));
  expect(await invoke()).toMatchObject({ word: 'two' });
});

test('what waits for sessions to be reloaded goes when there are none any more', async () => {
  const {
    invoke,
    change,
    admin,
    countWarmMachines: warmth,
  } = await useChanging({ idleTimeout: 100 });
  await invoke(id);
  await change(saying('two'));
  await eventually(async () => expect(await warmth()).toBe(1));
  await admin('/clock', { advanceSeconds: 101 });
  expect(await warmth()).toBe(0);
});

test('what is installed beside the code, and what tools leave there, is no change', async () => {
  const source = await useAgent(saying('one'));
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

test('what a link brings in from elsewhere is code, and a link to a folder around it is none', async () => {
  const source = await useAgent(saying('one'));
  const [code, elsewhere] = [join(source.root, 'app'), await useFolder()];
  await mkdir(code);
  await writeFile(join(code, 'main.mjs'), saying('one'));
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

test('a session whose runtime is deleted while it is reloaded does not go on', async () => {
  const over = join(await useFolder(), 'over');
  const endsLate = `
    import { existsSync } from 'node:fs';
    process.on('SIGTERM', () => setInterval(() => existsSync('${over}') && process.exit(), 20));`;
  const source = await useAgent(saying('one', endsLate));
  const emulator = await useEmulator({ agents: [source] });
  const { invoke, sessions, countWarmMachines: warmth } = emulator;
  await invoke(id);
  await writeFile(join(source.code, 'main.mjs'), saying('two'));
  await eventually(async () => expect(await warmth()).toBe(1));
  const invoking = invoke(id);
  await eventually(async () => expect(await sessions()).toMatchObject([{ state: 'terminating' }]));
  const { runtimeId: agentRuntimeId } = emulator.agent;
  await useControlPlane(emulator).send(new DeleteAgentRuntimeCommand({ agentRuntimeId }));
  await writeFile(over, '');
  await expect(invoking).rejects.toBeInstanceOf(ResourceNotFoundException);
  expect(await sessions()).toMatchObject([{ state: 'terminated' }]);
});
