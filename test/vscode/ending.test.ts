import { expect, test, vi } from 'vitest';
import type { SessionSummary } from '../../src/shared/session.ts';
import { obedientAgent } from '../support/chat.ts';
import { useContainerProject } from '../support/containers.ts';
import { isAlive } from '../support/processes.ts';
import { project, useProject } from '../support/project.ts';
import { addressOf, PATIENCE, pidOf, sessionsAt, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open, ownServer } = useWorkbench();

function pidOfSession({ compute }: SessionSummary): number {
  return compute?.kind === 'process' ? compute.pid : expect.fail('it runs in no process');
}

test('a VS Code that is killed while an answer comes leaves no process', async () => {
  const server = await ownServer();
  const window = await open(await useProject(project, obedientAgent), server);
  await window.chat.begin('go on');
  await expect.poll(() => window.chat.answerTexts(), PATIENCE).toEqual(['on and']);
  const url = await addressOf(window);
  const pids = [await pidOf(url), ...(await sessionsAt(url)).map(pidOfSession)];
  expect(pids.filter(isAlive)).toHaveLength(2);
  await server.kill();
  await expect.poll(() => pids.filter(isAlive), PATIENCE).toEqual([]);
});

test('a VS Code that dies while an answer comes leaves no container', async () => {
  const server = await ownServer();
  const { source, containers } = await useContainerProject(obedientAgent);
  const window = await open(source.root, server);
  await window.chat.begin('go on');
  await expect.poll(() => window.chat.answerTexts(), PATIENCE).toEqual(['on and']);
  const pid = await pidOf(await addressOf(window));
  expect(await containers()).toMatchObject([{ State: 'running' }]);
  // Only itself: an emulator that is killed, too, leaves its containers to the next one that starts.
  process.kill(server.pid, 'SIGKILL');
  await expect.poll(() => isAlive(pid), PATIENCE).toBe(false);
  expect(await containers()).toEqual([]);
});
