import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { startCodeServer, type CodeServer } from '../../scripts/codeServer.mjs';
import type { SessionSummary } from '../../src/shared/session.ts';
import { serverAgent, useFolder } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { obedientAgent } from '../support/chat.ts';
import { useCodeServer } from '../support/codeServer.ts';
import { usePart } from '../support/parts.ts';
import { isAlive } from '../support/processes.ts';
import { project, useProject, useSampleProject } from '../support/project.ts';
import { packageExtension } from '../support/vsix.ts';
import { windowOn, type Window } from '../support/window.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const PATIENCE = { timeout: 60_000 };

const TRUSTING = { 'security.workspace.trust.enabled': false };

const openPage = useBrowser({ ours: false });
const home = await mkdtemp(join(tmpdir(), 'workbench-test-'));
let vsix: Promise<string> | undefined;
let shared: Promise<CodeServer> | undefined;

const useVsix = () => (vsix ??= packageExtension(home));

/** One code-server for all tests that leave it alive; each opens a window and a folder of its own. */
async function useSharedServer(): Promise<CodeServer> {
  const launcher = usePart('codeServer');
  shared ??= startCodeServer({ launcher, home, vsix: await useVsix(), settings: TRUSTING });
  return shared;
}

afterAll(async () => {
  await (await shared)?.kill();
  await rm(home, { recursive: true, force: true });
});

/** Opens a folder, and there what the extension has in the side bar. */
async function openWorkbench(folder: string, server = useSharedServer()): Promise<Window> {
  const { url } = await server;
  const window = await windowOn(await openPage(`${url}/?folder=${folder}`));
  await window.icon.click();
  return window;
}

/** Where the emulator is, as the status bar says. */
async function addressOf({ status }: Window): Promise<string> {
  const says = async () => (await status.getAttribute('aria-label')) ?? '';
  await expect.poll(says, PATIENCE).toMatch(/serves at/);
  return /http:\S+\d/.exec(await says())![0];
}

async function sessionsAt(url: string): Promise<SessionSummary[]> {
  const response = await fetch(`${url}/_emulator/sessions`);
  return ((await response.json()) as { sessions: SessionSummary[] }).sessions;
}

function pidOfSession({ compute }: SessionSummary): number {
  return compute?.kind === 'process' ? compute.pid : expect.fail('it runs in no process');
}

async function pidOf(url: string): Promise<number> {
  return ((await (await fetch(`${url}/_emulator/health`)).json()) as { pid: number }).pid;
}

test('the sample agent answers what is typed in VS Code’s chat, and remembers its session', async () => {
  const window = await openWorkbench(await useSampleProject());
  const { chat } = window;
  expect(await chat.ask('Remember that my city is Turin')).toMatch(/^I will remember that my city/);
  expect(await chat.ask('What is my city?')).toBe('You told me: Turin.');
  expect(await window.status.innerText()).toMatch(/AgentCore :\d+/);

  await window.open('assistant.ts');
  for (const theme of ['Dark 2026', 'Light 2026', 'Dark High Contrast', 'Light High Contrast']) {
    await window.wear(theme);
    await window.photograph(`chat, ${theme}`);
  }
});

test('an answer is shown as it comes', async () => {
  const { chat } = await openWorkbench(await useProject(project, obedientAgent));
  await chat.begin('go on');
  await expect.poll(() => chat.answerTexts(), PATIENCE).toEqual(['on and']);
  expect(await chat.conversation.getAttribute('aria-busy')).toBe('true');
  await chat.stop.click();
  expect(await chat.ask('and again')).toBe('and again');
});

test('commands are offered where they do something, and do it', async () => {
  const window = await openWorkbench(await useSampleProject());
  const { chat, notice } = window;
  const first = await addressOf(window);
  expect(await window.offered('AgentCore:')).not.toContain('AgentCore: Start Emulator');
  await chat.ask('12 * 7');
  await window.command('AgentCore: New Chat Session');
  await expect.poll(() => chat.answers.count(), PATIENCE).toBe(0);

  await window.command('AgentCore: Stop Emulator');
  await notice.getByText('It was stopped.').waitFor();
  await expect(fetch(first)).rejects.toThrow('fetch failed');
  const offered = await window.offered('AgentCore:');
  expect(offered).toContain('AgentCore: Start Emulator');
  expect(offered).not.toContain('AgentCore: Restart Emulator');

  await window.command('AgentCore: Start Emulator');
  const second = await addressOf(window);
  await window.command('AgentCore: Restart Emulator');
  await expect.poll(() => addressOf(window), PATIENCE).not.toBe(second);
  expect(await chat.ask('12 * 7')).toBe('That is 84.');
});

test('the chat of an emulator that is killed says why, and starts it again', async () => {
  const window = await openWorkbench(await useSampleProject());
  const { chat, notice } = window;
  await chat.ask('12 * 7');
  process.kill(await pidOf(await addressOf(window)), 'SIGKILL');
  await notice.getByText('It was ended by signal SIGKILL.').waitFor();
  expect(await window.status.getAttribute('aria-label')).toMatch(/not running.*SIGKILL/);
  await window.photograph('killed');
  await notice.getByRole('button', { name: 'Start it again' }).click();
  expect(await chat.ask('6 * 7')).toBe('That is 42.');
  expect(await chat.answerTexts()).toEqual(['That is 84.', 'That is 42.']);
});

test('an emulator that cannot start says why in the chat, and once where it was commanded', async () => {
  const window = await openWorkbench(await useProject('{'));
  await window.notice.getByText(/agentcore\.json is not valid JSON/).waitFor();
  expect(await window.toast.count()).toBe(0);
  await window.command('AgentCore: Start Emulator');
  await window.toast.getByText(/did not start: .*agentcore\.json is not valid JSON/).waitFor();
  await window.photograph('failed');
  await window.toast.getByRole('button', { name: 'Show Log' }).click();
  await window.page.getByRole('tab', { name: 'Output', selected: true }).waitFor();
});

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
  const window = await openWorkbench(workspace);
  await window.choices.nth(1).click();
  await expect.poll(() => window.chat.empty.innerText(), PATIENCE).toMatch('Talk to Second');
});

test('without a project the view says what to do, and has the chat as soon as there is one', async () => {
  const workspace = await useFolder();
  const window = await openWorkbench(workspace);
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
  const server = await useCodeServer({
    vsix: await useVsix(),
    settings: { 'security.workspace.trust.startupPrompt': 'never' },
  });
  const window = await openWorkbench(await useSampleProject(), Promise.resolve(server));
  await window.welcome.getByText(/that you trust/).waitFor();
  await window.photograph('not-trusted');
  expect(await window.offered('AgentCore:')).not.toContain('AgentCore: Start Emulator');
});

test('a VS Code that is killed while an answer comes leaves no process', async () => {
  const server = await useCodeServer({ vsix: await useVsix(), settings: TRUSTING });
  const root = await useProject(project, obedientAgent);
  const window = await openWorkbench(root, Promise.resolve(server));
  await window.chat.begin('go on');
  await expect.poll(() => window.chat.answerTexts(), PATIENCE).toEqual(['on and']);
  const url = await addressOf(window);
  const pids = [await pidOf(url), ...(await sessionsAt(url)).map(pidOfSession)];
  expect(pids.filter(isAlive)).toHaveLength(2);
  await server.kill();
  await expect.poll(() => pids.filter(isAlive), PATIENCE).toEqual([]);
});

test('the package holds what is needed, and no more', async () => {
  expect((await stat(await useVsix())).size).toBeLessThan(3 * 1024 * 1024);
  await useSharedServer();
  const extensions = join(home, 'extensions');
  const folder = (await readdir(extensions)).find((name) => name.startsWith('agentcore'));
  const files = await readdir(join(extensions, folder!), { recursive: true });
  expect(files.filter((name) => /node_modules|test|\.map$|^src|^scripts/.test(name))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining([
      'NOTICE',
      'readme.md',
      'changelog.md',
      'media/icon.png',
      'dist/extension.cjs',
      'dist/agentcore-emulator.js',
      'dist/preload/node.cjs',
      'dist/webview/chat.js',
    ]),
  );
});
