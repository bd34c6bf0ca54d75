import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { DATA_FOLDER } from '../../src/shared/emulator.ts';
import { serverAgent, useFolder } from '../support/agents.ts';
import { listCommandLines } from '../support/processes.ts';
import { findFreePort } from '../support/program.ts';
import { project, useProject, useSampleProject } from '../support/project.ts';
import { readAddress, LONG_TIMEOUT, readReadyFile, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open, ownServer } = useWorkbench();

/** Creates a project in a folder, with one agent of the given name. */
async function createProject(root: string, name: string): Promise<void> {
  const folder = (part: string) => join(root, part);
  await mkdir(folder('app'), { recursive: true });
  await mkdir(folder('agentcore'));
  await writeFile(join(folder('app'), 'main.js'), serverAgent(''));
  const runtimes = [{ ...project.runtimes[0], name }];
  await writeFile(
    join(folder('agentcore'), 'agentcore.json'),
    JSON.stringify({ ...project, runtimes }),
  );
}

test('The user chooses one of several projects in a workspace.', async () => {
  const workspace = await useFolder();
  for (const name of ['First', 'Second']) await createProject(join(workspace, name), name);
  const window = await open(workspace);
  await window.choices.nth(1).click(LONG_TIMEOUT);
  await expect.poll(() => window.chat.empty.innerText(), LONG_TIMEOUT).toMatch('Chat with Second');
});

test('Each folder of a multi-root workspace has its own port and container engine.', async () => {
  const workspace = await useFolder();
  const [port, engine] = [await findFreePort(), `unix://${join(workspace, 'engine.sock')}`];
  for (const name of ['first', 'second']) await createProject(join(workspace, name), name);
  await mkdir(join(workspace, 'second', '.vscode'));
  await writeFile(
    join(workspace, 'second', '.vscode', 'settings.json'),
    JSON.stringify({ 'agentcoreWorkbench.port': port, 'agentcoreWorkbench.engine': engine }),
  );
  const file = join(workspace, 'both.code-workspace');
  await writeFile(file, JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }));
  const window = await open(file);
  await window.choices.getByText('second').click(LONG_TIMEOUT);
  expect(await readAddress(window)).toBe(`http://127.0.0.1:${port}`);
  const { url } = await readReadyFile(join(workspace, 'second'));
  const health = await fetch(`${url}/_emulator/health`);
  expect(await health.text()).toContain(engine);
});

test('A running emulator stays visible when its project file is deleted.', async () => {
  const root = await useProject(project);
  const window = await open(root);
  await readAddress(window);
  await rm(join(root, 'agentcore'), { recursive: true });
  // VS Code reports the deletion after some time. The checks below show that it did.
  await window.page.waitForTimeout(3_000);
  expect(await window.chat.empty.innerText()).toMatch('Chat with Helper');
  expect(await window.status.count()).toBe(1);
  await window.command('AgentCore: Stop Emulator');
  await window.welcome.getByText(/No agent project found in this workspace/).waitFor();
  await expect.poll(() => window.status.count(), LONG_TIMEOUT).toBe(0);
});

test('While the extension searches a workspace with a project, the view does not say that there is none.', async () => {
  const window = await open(await useProject(project));
  await window.chat.empty.waitFor(LONG_TIMEOUT);
  await window.page.addInitScript({
    content: `globalThis.welcomeTexts = new Set();
      new MutationObserver(() => {
        const text = document.querySelector('.welcome-view-content')?.textContent.trim();
        if (text) globalThis.welcomeTexts.add(text);
      }).observe(document, { childList: true, subtree: true });`,
  });
  await window.page.reload();
  await window.chat.empty.waitFor(LONG_TIMEOUT);
  const texts = await window.page.evaluate('[...globalThis.welcomeTexts]');
  expect(texts).toContain('Looking for an agent project in this workspace…');
  expect(texts).not.toContainEqual(expect.stringContaining('No agent project'));
});

test('Without a project the view shows instructions; it shows the chat once a project exists.', async () => {
  const workspace = await useFolder();
  const window = await open(workspace);
  await window.welcome.getByText(/No agent project found in this workspace/).waitFor();
  await window.takeScreenshot('no-project');
  // The command fails after the automatic start was attempted. A project that is added later is still started.
  await window.command('AgentCore: Start Emulator');
  await window.toast.getByText(/No agent project found\. Open a folder/).waitFor();
  expect(await window.status.count()).toBe(0);
  // VS Code does not report when it starts to watch a folder, and treats a file that was deleted and
  // created at once as changed.
  const folder = join(workspace, 'agentcore');
  const createInvalidProject = async () => {
    await rm(folder, { recursive: true, force: true });
    await window.page.waitForTimeout(2_000);
    await mkdir(folder);
    await writeFile(join(folder, 'agentcore.json'), '{}');
    return window.notice.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(createInvalidProject, LONG_TIMEOUT).toBe(true);
  await window.notice.getByText(/agentcore\.json:1:1: name: The value is missing/).waitFor();
});

test('Nothing runs in an untrusted workspace.', async () => {
  const server = await ownServer({ 'security.workspace.trust.startupPrompt': 'never' });
  const root = await useSampleProject();
  const window = await open(root, server);
  await window.welcome.getByText(/that you trust/).waitFor();
  await window.takeScreenshot('not-trusted');
  expect(await window.listCommands('AgentCore:')).not.toContain('AgentCore: Start Emulator');
  // The command completes after anything that activation would start.
  await window.command('AgentCore: Show Log');
  await window.output.waitFor();
  expect(await listCommandLines()).not.toContainEqual(expect.stringContaining(root));
  expect(existsSync(join(root, DATA_FOLDER))).toBe(false);
});
