import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogLine } from '../../../../src/shared/session.ts';
import type { AgentSource } from '../../../../emulator/services/runtime/agents.ts';
import { echoAgent, serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { isAlive } from '../../../support/processes.ts';

/** Resolves when as many machines wait for a session. */
function untilWaiting({ countWarmMachines: warmth }: TestEmulator, waiting: number): Promise<void> {
  return eventually(async () => expect(await warmth()).toBe(waiting));
}

test('a session takes a machine that waited for it, and no other session has it', async () => {
  const born = serverAgent(
    `if (url === '/invocations') return json(response, { born, pid: process.pid, turns: turns += 1 });`,
    'const born = Date.now(); let turns = 0;',
  );
  const emulator = await useEmulator({ agents: [await useAgent(born)], warm: 2 });
  const { invoke, sessions } = emulator;
  await untilWaiting(emulator, 2);
  const [a, b] = [sessionId('a'), sessionId('b')];
  const asked = Date.now();
  const first = await invoke({ runtimeSessionId: a });
  const second = await invoke({ runtimeSessionId: b });
  expect(first['born']).toBeLessThan(asked);
  expect(second['born']).toBeLessThan(asked);
  expect(second['pid']).not.toBe(first['pid']);
  expect(await invoke({ runtimeSessionId: a })).toMatchObject({ pid: first['pid'], turns: 2 });
  expect(await sessions()).toMatchObject([{ sessionId: a }, { sessionId: b }]);
  await untilWaiting(emulator, 2);
});

/** Writes down which processes it has been. */
const scribe = serverAgent(
  `if (url === '/invocations') return json(response, { pid: process.pid });`,
  `import { appendFileSync } from 'node:fs';
   appendFileSync(process.env.SCROLL, process.pid + '\\n');`,
);

async function useScribe(): Promise<{ source: AgentSource; pids: () => Promise<number[]> }> {
  const scroll = join(await useFolder(), 'pids');
  const source = await useAgent(scribe, { environment: { SCROLL: scroll } });
  const pids = async () => (await readFile(scroll, 'utf8')).trim().split('\n').map(Number);
  return { source, pids };
}

test('a machine that waits is halted, and goes on with its session', async () => {
  const { source, pids } = await useScribe();
  const emulator = await useEmulator({ agents: [source], warm: 1 });
  await untilWaiting(emulator, 1);
  const [waiting] = await pids();
  const state = async () => (await readFile(`/proc/${waiting}/stat`, 'utf8')).split(' ')[2];
  // The kernel takes its moment.
  await eventually(async () => expect(await state()).toBe('T'));
  expect(await emulator.invoke()).toEqual({ pid: waiting });
  expect(await state()).not.toBe('T');
});

test('a machine that dies while it waits is replaced', async () => {
  const { source, pids } = await useScribe();
  const emulator = await useEmulator({ agents: [source], warm: 1 });
  await untilWaiting(emulator, 1);
  const [dead] = await pids();
  process.kill(dead!, 'SIGKILL');
  await untilWaiting(emulator, 0);
  await untilWaiting(emulator, 1);
  const { pid } = await emulator.invoke();
  expect(await pids()).toEqual([dead, pid]);
});

test('what a machine printed and called before it had a session is that session’s', async () => {
  const early = serverAgent(
    '',
    `console.log('at the import');
     await fetch(process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE + '/memories/', { method: 'POST' });`,
  );
  const emulator = await useEmulator({ agents: [await useAgent(early)], warm: 1 });
  await untilWaiting(emulator, 1);
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

test('a session’s life counts from its first invocation, not from when its machine was made', async () => {
  const emulator = await useEmulator({
    agents: [await useAgent(echoAgent)],
    warm: 1,
    maxLifetime: 100,
  });
  await untilWaiting(emulator, 1);
  await emulator.admin('/clock', { advanceSeconds: 99 });
  await emulator.invoke({ runtimeSessionId: sessionId('a') });
  await emulator.admin('/clock', { advanceSeconds: 50 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('a closed emulator leaves nothing of what waits', async () => {
  const { source, pids } = await useScribe();
  const emulator = await useEmulator({ agents: [source], warm: 2 });
  await untilWaiting(emulator, 2);
  await emulator.close();
  expect((await pids()).filter(isAlive)).toEqual([]);
});

test('an agent that does not start is not kept warm, and the log says why once', async () => {
  const emulator = await useEmulator({
    agents: [await useAgent(`throw new Error('out of cheese');`)],
    warm: 2,
  });
  await eventually(() =>
    expect(
      emulator.log.filter((line) => /none is kept warm.*out of cheese/s.test(line)),
    ).toHaveLength(1),
  );
  await expect(emulator.invoke()).rejects.toThrow(/out of cheese/);
});

test('a warm machine keeps the newest lines for its session and says how many were dropped', async () => {
  const talking = serverAgent(
    '',
    `for (let line = 0; line < 4_000; line += 1) console.log(String(line).padEnd(1_000, '.'));
     await new Promise((printed) => process.stdout.write('', printed));`,
  );
  const emulator = await useEmulator({ agents: [await useAgent(talking)], warm: 1 });
  await untilWaiting(emulator, 1);
  await emulator.invoke();
  // The last of them may still be on their way.
  const printed = await eventually(() => {
    const lines = emulator.log.flatMap((line) => /\| ([^.]*)/.exec(line)?.[1] ?? []);
    expect(lines.at(-1)).toBe('3999');
    return lines;
  });
  expect(printed[0]).toMatch(/^… \d+ lines dropped$/);
  expect(printed.length).toBeLessThan(1_500);
});
