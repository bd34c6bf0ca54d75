import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  createEmulatorProcess,
  type EmulatorProcess,
  type EmulatorProcessOptions,
} from '../../src/vscode/emulatorProcess.ts';
import { useFolder } from '../support/agents.ts';
import { command, useCommand } from '../support/command.ts';
import { isAlive } from '../support/processes.ts';
import { project, useProject } from '../support/project.ts';

/** The emulator as the extension runs it, with all that it logs. */
function useEmulatorProcess(
  options: Partial<EmulatorProcessOptions> = {},
): EmulatorProcess & { readonly log: string[] } {
  const log: string[] = [];
  const note = (message: string) => void log.push(message);
  const logger = { debug: note, info: note, warn: note, error: note };
  const emulator = createEmulatorProcess({ command, logger, ...options });
  onTestFinished(() => emulator.stop());
  return { ...emulator, log };
}

async function pidOf(emulator: EmulatorProcess): Promise<number> {
  const state = emulator.state();
  if (state.status !== 'running') throw new Error(`the emulator is ${state.status}`);
  const health = await fetch(`${state.url}/_emulator/health`);
  return ((await health.json()) as { pid: number }).pid;
}

test('it says where it runs, what it logs, and is gone when it has stopped', async () => {
  const emulator = useEmulatorProcess();
  const seen: string[] = [];
  emulator.onChange(({ status }) => seen.push(status));
  const state = await emulator.start(await useProject(project), 0);
  expect(state).toMatchObject({ status: 'running', url: expect.stringMatching(/^http:/) });
  await vi.waitFor(() => expect(emulator.log.join('\n')).toMatch(/the local AgentCore serves at/));
  const pid = await pidOf(emulator);
  await emulator.stop();
  expect(isAlive(pid)).toBe(false);
  expect(seen).toEqual(['starting', 'running', 'stopping', 'stopped']);
});

test('whoever starts it while it runs gets the one that runs', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject(project);
  const [one, other] = await Promise.all([emulator.start(root, 0), emulator.start(root, 0)]);
  expect(other).toBe(one);
  const stopped = emulator.stop();
  const again = await emulator.start(root, 0);
  await stopped;
  expect(again.status).toBe('running');
});

test('one that is killed has failed with the cause, and can be started again', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject(project);
  await emulator.start(root, 0);
  process.kill(await pidOf(emulator), 'SIGKILL');
  await vi.waitFor(() => expect(emulator.state().status).toBe('failed'), { timeout: 10_000 });
  expect(emulator.state()).toMatchObject({ failure: { why: 'it was ended by signal SIGKILL' } });
  expect((await emulator.start(root, 0)).status).toBe('running');
});

test('a taken port and a broken project fail with the command’s own sentence', async () => {
  const emulator = useEmulatorProcess();
  const root = await useProject(project);
  const other = useCommand([root, '--port=0', '--ephemeral']);
  const { url } = await other.ready();
  const taken = await emulator.start(root, Number(new URL(url).port));
  expect(taken).toMatchObject({
    failure: { why: expect.stringContaining('is taken by another AgentCore emulator') },
  });
  const broken = await emulator.start(await useProject('{'), 0);
  expect(broken).toMatchObject({
    failure: { why: expect.stringContaining('agentcore.json is not valid JSON') },
  });
});

test('one that crashes at its start has failed with the log’s tail', async () => {
  const crashing = join(await useFolder(), 'crash.mjs');
  await writeFile(crashing, `console.error('one');\nthrow new Error('two');`);
  const emulator = useEmulatorProcess({ command: crashing });
  const state = await emulator.start(await useFolder(), 0);
  expect(state).toMatchObject({
    failure: {
      why: 'it ended with exit code 1 before it was ready',
      logTail: expect.arrayContaining(['one', 'Error: two']),
    },
  });
});

test('one that never gets ready is ended, and has failed', async () => {
  const silent = join(await useFolder(), 'silent.mjs');
  await writeFile(silent, `process.stdin.on('end', () => process.exit()).resume();`);
  const emulator = useEmulatorProcess({ command: silent, readyMilliseconds: 300 });
  const state = await emulator.start(await useFolder(), 0);
  expect(state).toMatchObject({ failure: { why: 'it was not ready after 0.3 seconds' } });
});
