import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogLine } from '../../../../src/shared/session.ts';
import type { ProjectAgentSource } from '../../../../emulator/agentSource.ts';
import { echoAgent, serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { isAlive } from '../../../support/processes.ts';

/** Waits until the given number of instances is warm. */
function waitUntilWarm({ countWarmMachines }: TestEmulator, count: number): Promise<void> {
  return eventually(async () => expect(await countWarmMachines()).toBe(count));
}

test('A session takes a warm instance, which no other session gets', async () => {
  const timedAgent = serverAgent(
    `if (url === '/invocations') return json(response, { startedAt, pid: process.pid, turns: turns += 1 });`,
    'const startedAt = Date.now(); let turns = 0;',
  );
  const emulator = await useEmulator({ agents: [await useAgent(timedAgent)], warm: 2 });
  const { invoke, sessions } = emulator;
  await waitUntilWarm(emulator, 2);
  const [a, b] = [sessionId('a'), sessionId('b')];
  const invokedAt = Date.now();
  const first = await invoke({ runtimeSessionId: a });
  const second = await invoke({ runtimeSessionId: b });
  expect(first['startedAt']).toBeLessThan(invokedAt);
  expect(second['startedAt']).toBeLessThan(invokedAt);
  expect(second['pid']).not.toBe(first['pid']);
  expect(await invoke({ runtimeSessionId: a })).toMatchObject({ pid: first['pid'], turns: 2 });
  expect(await sessions()).toMatchObject([{ sessionId: a }, { sessionId: b }]);
  await waitUntilWarm(emulator, 2);
});

/** Appends its process ID to a file. */
const pidAgent = serverAgent(
  `if (url === '/invocations') return json(response, { pid: process.pid });`,
  `import { appendFileSync } from 'node:fs';
   appendFileSync(process.env.PID_FILE, process.pid + '\\n');`,
);

async function usePidAgent(): Promise<{
  source: ProjectAgentSource;
  pids: () => Promise<number[]>;
}> {
  const pidFile = join(await useFolder(), 'pids');
  const source = await useAgent(pidAgent, { environment: { PID_FILE: pidFile } });
  const pids = async () => (await readFile(pidFile, 'utf8')).trim().split('\n').map(Number);
  return { source, pids };
}

test('A warm instance is paused and resumes with its session', async () => {
  const { source, pids } = await usePidAgent();
  const emulator = await useEmulator({ agents: [source], warm: 1 });
  await waitUntilWarm(emulator, 1);
  const [waiting] = await pids();
  const state = async () => (await readFile(`/proc/${waiting}/stat`, 'utf8')).split(' ')[2];
  // The kernel reports the state with a delay.
  await eventually(async () => expect(await state()).toBe('T'));
  expect(await emulator.invoke()).toEqual({ pid: waiting });
  expect(await state()).not.toBe('T');
});

test('A warm instance that exits is replaced', async () => {
  const { source, pids } = await usePidAgent();
  const emulator = await useEmulator({ agents: [source], warm: 1 });
  await waitUntilWarm(emulator, 1);
  const [exited] = await pids();
  process.kill(exited!, 'SIGKILL');
  await waitUntilWarm(emulator, 0);
  await waitUntilWarm(emulator, 1);
  const { pid } = await emulator.invoke();
  expect(await pids()).toEqual([exited, pid]);
});

test('Output and calls of a warm instance belong to its later session', async () => {
  const early = serverAgent(
    '',
    `console.log('at the import');
     await fetch(process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE + '/memories/', { method: 'POST' });`,
  );
  const emulator = await useEmulator({ agents: [await useAgent(early)], warm: 1 });
  await waitUntilWarm(emulator, 1);
  const id = sessionId('a');
  await emulator.invoke({ runtimeSessionId: id });
  expect(await emulator.timeline(id)).toContainEqual(
    expect.objectContaining({ type: 'call', operation: 'ListMemories' }),
  );
  const { logs } = await emulator.admin<{ logs: LogLine[] }>(
    `/sessions/${emulator.agent.runtimeId}/${id}/logs`,
  );
  expect(logs).toContainEqual(expect.objectContaining({ text: 'at the import' }));
});

test('A session’s lifetime counts from its first invocation, not from the start of its instance', async () => {
  const emulator = await useEmulator({
    agents: [await useAgent(echoAgent)],
    warm: 1,
    maxLifetime: 100,
  });
  await waitUntilWarm(emulator, 1);
  await emulator.admin('/clock', { advanceSeconds: 99 });
  await emulator.invoke({ runtimeSessionId: sessionId('a') });
  await emulator.admin('/clock', { advanceSeconds: 50 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('A closed emulator leaves no warm instance', async () => {
  const { source, pids } = await usePidAgent();
  const emulator = await useEmulator({ agents: [source], warm: 2 });
  await waitUntilWarm(emulator, 2);
  await emulator.close();
  expect((await pids()).filter(isAlive)).toEqual([]);
});

test('An agent that does not start is not kept warm, and the log has the reason once', async () => {
  const emulator = await useEmulator({
    agents: [await useAgent(`throw new Error('out of cheese');`)],
    warm: 2,
  });
  await eventually(() =>
    expect(
      emulator.log.filter((line) => /No instance is kept warm.*out of cheese/s.test(line)),
    ).toHaveLength(1),
  );
  await expect(emulator.invoke()).rejects.toThrow(/out of cheese/);
});

test('A warm instance keeps the newest lines for its session and reports how many were dropped', async () => {
  const verboseAgent = serverAgent(
    '',
    `for (let line = 0; line < 4_000; line += 1) console.log(String(line).padEnd(1_000, '.'));
     await new Promise((printed) => process.stdout.write('', printed));`,
  );
  const emulator = await useEmulator({ agents: [await useAgent(verboseAgent)], warm: 1 });
  await waitUntilWarm(emulator, 1);
  await emulator.invoke();
  // The last lines may still be in transit.
  const printed = await eventually(() => {
    const lines = emulator.log.flatMap((line) => /\| ([^.]*)/.exec(line)?.[1] ?? []);
    expect(lines.at(-1)).toBe('3999');
    return lines;
  });
  expect(printed[0]).toMatch(/^… \d+ lines dropped$/);
  expect(printed.length).toBeLessThan(1_500);
});
