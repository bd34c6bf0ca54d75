import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { serverAgent } from '../support/agents.ts';
import { findContrastViolations } from '../support/accessibility.ts';
import { scriptedAgent } from '../support/chat.ts';
import { useContainerProject } from '../support/containers.ts';
import { chatExamples } from '../support/chatExamples.ts';
import { project, useProject, useSampleProject } from '../support/project.ts';
import { LONG_TIMEOUT, readReadyFile, listSessions, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open } = useWorkbench();

test('The sample agent answers prompts in VS Code’s chat and keeps its session.', async () => {
  const window = await open(await useSampleProject());
  const { chat } = window;
  expect(await chat.ask('Remember that my city is Turin')).toMatch(
    /^I will remember until this session ends: your city/,
  );
  expect(await chat.ask('What is my city?')).toBe('You told me: Turin.');
  expect(await window.status.innerText()).toMatch(/AgentCore :\d+/);

  await window.open('assistant.ts');
  expect(await chat.ask('12 * 7')).toBe('That is 84.');
  for (const theme of ['Dark 2026', 'Light 2026']) {
    await window.setTheme(theme);
    await window.takeScreenshot(`chat, ${theme}`);
  }
});

const THEMES = ['Dark 2026', 'Light 2026', 'Dark High Contrast', 'Light High Contrast'];

/** The states that use most of the theme colors. */
const COLORFUL = ['conversations', 'answers', 'running', 'ended session', 'tools', 'commands'];

test('The chat has sufficient contrast in VS Code’s own themes.', async () => {
  const window = await open(await useSampleProject());
  await expect.poll(() => window.chat.empty.innerText(), LONG_TIMEOUT).toMatch(/^Chat with/);
  const selected = COLORFUL.map((name) => chatExamples.find((example) => example.name === name)!);
  const violations: Record<string, string[]> = {};
  for (const theme of THEMES) {
    await window.setTheme(theme);
    const view = await window.view();
    // The background of VS Code is behind the view, where axe does not see it.
    await view.evaluate(
      `document.documentElement.style.background = 'var(--vscode-sideBar-background)'`,
    );
    for (const { name, messages, prepare: reach } of selected) {
      for (const message of messages) {
        await view.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
      }
      await reach?.(view);
      // Themes differ in colors alone. The rest is checked in test/page/chatExamples.test.ts.
      const found = await findContrastViolations(view);
      if (found.length > 0) violations[`${name}, ${theme}`] = found;
      await window.takeScreenshot(`${name}, ${theme}`);
      if (name === 'conversations') await window.page.keyboard.press('Escape');
    }
    await window.chat.message.fill('');
  }
  expect(violations).toEqual({});
});

test('An answer is shown while it streams.', async () => {
  const { chat } = await open(await useProject(project, scriptedAgent));
  await chat.begin('go on');
  await expect.poll(() => chat.answerTexts(), LONG_TIMEOUT).toEqual(['on and']);
  expect(await chat.conversation.getAttribute('aria-busy')).toBe('true');
  await chat.stop.click();
  expect(await chat.ask('and again')).toBe('and again');
});

test('A code block is inserted at the cursor or opened in a new editor.', async () => {
  const window = await open(await useProject(project, scriptedAgent));
  const { chat, page } = window;
  await chat.ask('```js\n"use strict"; // from the chat\n```');
  const button = (name: string) => chat.answers.getByRole('button', { name });
  await button('Insert at the cursor').click();
  await chat.problem.getByText('no file is open').waitFor();

  await button('Open in an editor').click();
  const lines = page.locator('.editor-instance .view-lines');
  await expect.poll(() => lines.innerText(), LONG_TIMEOUT).toMatch(/^"use\sstrict";/);
  await page.getByRole('button', { name: 'JavaScript', exact: true }).waitFor();
  await window.open('main.js');
  await button('Insert at the cursor').click();
  await expect.poll(() => lines.innerText(), LONG_TIMEOUT).toMatch(/^"use\sstrict";\s\/\/\sfrom/);
  await window.takeScreenshot('code');
});

test('The page of an agent’s machine opens as a preview beside the chat.', async () => {
  const root = await useProject(
    project,
    serverAgent(
      `if (url === '/invocations') return json(response, 'it is built');`,
      `createServer((request, response) => {
         response.setHeader('content-type', 'text/html');
         response.end('<h1>Built by the agent</h1>');
       }).listen(9000, '0.0.0.0');`,
    ),
  );
  await mkdir(join(root, '.vscode'));
  await writeFile(
    join(root, '.vscode/settings.json'),
    JSON.stringify({ 'agentcoreWorkbench.allowedPorts': '9000' }),
  );
  const window = await open(root);
  const view = await window.view();
  const preview = view.getByRole('button', { name: 'Open preview' });
  expect(await preview.count()).toBe(0);
  expect(await window.chat.ask('build it')).toBe('it is built');
  await preview.click();
  await expect
    .poll(async () => {
      const texts = window.page.frames().map((frame) => frame.locator('h1').allInnerTexts());
      return (await Promise.allSettled(texts)).flatMap((it) =>
        it.status === 'fulfilled' ? it.value : [],
      );
    }, LONG_TIMEOUT)
    .toContain('Built by the agent');
  await window.takeScreenshot('preview');
});

test('An editor selection is attached to a message with its file and line numbers.', async () => {
  const window = await open(await useProject(project, scriptedAgent));
  const { chat, page } = window;
  await chat.message.waitFor();
  await window.open('main.js');
  await page.locator('.editor-instance .view-lines').click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await window.command('Add Selection to Chat');
  const attached = chat.composer.getByRole('listitem');
  await expect
    .poll(() => attached.allInnerTexts(), LONG_TIMEOUT)
    .toEqual([expect.stringMatching(/^main\.js\s+lines 1–2$/)]);
  expect(await chat.ask('see')).toMatch(/^see\s+\S*main\.js, lines 1–2:\s+.*createServer/s);
  await chat.prompts.getByRole('listitem').waitFor();
  await window.takeScreenshot('selection');
});

test('An agent in a container answers prompts in VS Code’s chat.', async () => {
  const { source, containers } = await useContainerProject(scriptedAgent);
  const window = await open(source.root);
  expect(await window.chat.ask('from within a container')).toBe('from within a container');
  const [container] = await containers();
  const [session] = await listSessions((await readReadyFile(source.root)).url);
  expect(session!.compute).toMatchObject({ kind: 'container', containerId: container!.Id });
});

test('The chat shows the failing step of a Dockerfile and its output.', async () => {
  const { source } = await useContainerProject('', {
    Dockerfile: 'FROM node:24-slim\nRUN echo out of cheese >&2; exit 3\n',
  });
  const { chat } = await open(source.root);
  await chat.begin('anything');
  const shownText = () => chat.conversation.innerText();
  await expect
    .poll(shownText, LONG_TIMEOUT)
    .toMatch(/RUN echo out of cheese[^]*Its output:\s+out of cheese/);
});
