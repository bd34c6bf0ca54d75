import { expect, test, vi } from 'vitest';
import type { CodeServer } from '../../scripts/codeServer.mjs';
import type { SessionSummary } from '../../src/shared/session.ts';
import { scriptedAgent } from '../support/chat.ts';
import { connectEngine, useContainerProject } from '../support/containers.ts';
import { isAlive } from '../support/processes.ts';
import { project, useProject } from '../support/project.ts';
import { LONG_TIMEOUT, readReadyFile, listSessions, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open, ownServer } = useWorkbench();

function getSessionPid({ compute }: SessionSummary): number {
  return compute?.kind === 'process'
    ? compute.pid
    : expect.fail('the session does not run in a process');
}

test('A VS Code that is killed while an answer streams leaves no process.', async () => {
  const server = await ownServer();
  const root = await useProject(project, scriptedAgent);
  const window = await open(root, server);
  await window.chat.begin('go on');
  await expect.poll(() => window.chat.answerTexts(), LONG_TIMEOUT).toEqual(['on and']);
  const { url, pid } = await readReadyFile(root);
  const pids = [pid, ...(await listSessions(url)).map(getSessionPid)];
  expect(pids.filter(isAlive)).toHaveLength(2);
  await server.kill();
  await expect.poll(() => pids.filter(isAlive), LONG_TIMEOUT).toEqual([]);
});

test.each([
  ['crashes', ({ pid }: CodeServer) => process.kill(pid, 'SIGKILL')],
  ['is killed with its process group', ({ kill }: CodeServer) => kill()],
  ['is asked to exit', ({ end }: CodeServer) => end()],
])(
  'A VS Code that %s while an answer streams leaves no container and no network.',
  async (_, end) => {
    const server = await ownServer();
    const { source, containers } = await useContainerProject(scriptedAgent);
    const window = await open(source.root, server);
    await window.chat.begin('go on');
    await expect.poll(() => window.chat.answerTexts(), LONG_TIMEOUT).toEqual(['on and']);
    const { pid } = await readReadyFile(source.root);
    const [container] = await containers();
    expect(container).toMatchObject({ State: 'running' });
    const name = Object.keys(container!.NetworkSettings.Networks);
    const networks = () => connectEngine().listNetworks({ filters: { name } });
    expect(await networks()).toHaveLength(1);
    await end(server);
    await expect.poll(() => isAlive(pid), LONG_TIMEOUT).toBe(false);
    expect(await containers()).toEqual([]);
    expect(await networks()).toEqual([]);
  },
);
