import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { serverAgent, useFolder } from '../support/agents.ts';
import { project, useSampleProject } from '../support/project.ts';
import { PATIENCE, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open, ownServer } = useWorkbench();

test('of several projects in a workspace the user chooses one', async () => {
  const workspace = await useFolder();
  for (const name of ['First', 'Second']) {
    const folder = (part: string) => join(workspace, name, part);
    await mkdir(folder('app'), { recursive: true });
    await mkdir(folder('agentcore'));
    await writeFile(join(folder('app'), 'main.js'), serverAgent(''));
    const runtimes = [{ ...project.runtimes[0], name }];
    await writeFile(
      join(folder('agentcore'), 'agentcore.json'),
      JSON.stringify({ ...project, runtimes }),
    );
  }
  const window = await open(workspace);
  await window.choices.nth(1).click();
  await expect.poll(() => window.chat.empty.innerText(), PATIENCE).toMatch('Talk to Second');
});

test('without a project the view says what to do, and has the chat as soon as there is one', async () => {
  const workspace = await useFolder();
  const window = await open(workspace);
  await window.welcome.getByText(/holds no agent project/).waitFor();
  await window.photograph('no-project');
  expect(await window.status.count()).toBe(0);
  // VS Code does not tell when it has begun to watch a folder, and takes a file that went and came
  // at once for one that changed.
  const folder = join(workspace, 'agentcore');
  const makeProject = async () => {
    await rm(folder, { recursive: true, force: true });
    await window.page.waitForTimeout(2_000);
    await mkdir(folder);
    await writeFile(join(folder, 'agentcore.json'), '{}');
    return window.notice.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(makeProject, PATIENCE).toBe(true);
  await window.notice.getByText(/agentcore\.json: name is missing/).waitFor();
});

test('in a workspace that is not trusted nothing of it runs', async () => {
  const server = await ownServer({ 'security.workspace.trust.startupPrompt': 'never' });
  const window = await open(await useSampleProject(), server);
  await window.welcome.getByText(/that you trust/).waitFor();
  await window.photograph('not-trusted');
  expect(await window.offered('AgentCore:')).not.toContain('AgentCore: Start Emulator');
});
