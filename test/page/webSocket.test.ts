import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, samplePackages, useProject } from '../support/project.ts';
import { findAccessibilityViolations } from '../support/accessibility.ts';

const openPage = useBrowser();

/** Agent that echoes its prompt, sends a question for "more", and closes with an error for "fall". */
const socketAgent = `
  import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime';
  const say = (socket, ...words) => words.forEach((word) => socket.send(JSON.stringify(word)));
  const done = { type: 'done' };
  new BedrockAgentCoreApp({
    invocationHandler: { process: () => 'by HTTP' },
    websocketHandler(socket) {
      socket.on('message', (message) => {
        const { prompt } = JSON.parse(message);
        if (prompt === 'fall') return socket.close(1011, 'no model');
        say(socket, { text: 'You said ' }, { text: prompt });
        if (prompt !== 'open') say(socket, done);
        if (prompt === 'more') say(socket, { text: 'Are you still there?' }, done);
      });
    },
    config: { logging: { enabled: false } },
  }).run();
`;

test('A chat uses the WebSocket once it is selected, and the agent can send messages unprompted.', async () => {
  const root = await useProject(project, socketAgent);
  await symlink(samplePackages, join(root, 'app', 'node_modules'), 'junction');
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url);
  const chat = createChatPage(page);
  expect(await chat.ask('hello')).toBe('by HTTP');

  await page.getByRole('button', { name: 'Payload template' }).click();
  await page.getByRole('radio', { name: /^One WebSocket/ }).check();
  expect(await findAccessibilityViolations(page, '.template')).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  expect(await chat.ask('hello')).toBe('You said hello');
  await page.getByText('The WebSocket is open').waitFor();
  expect(await findAccessibilityViolations(page, '.socket')).toEqual([]);

  await chat.begin('open');
  await chat.conversation.getByText('You said open').waitFor();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.locator('[role=log][aria-busy=false]').waitFor();
  await chat.begin('open');
  await chat.conversation.getByText('You said open').nth(1).waitFor();
  await chat.begin('more');
  await chat.conversation.getByText('Are you still there?').waitFor();
  expect(await chat.prompts.count()).toBe(5);
  expect(await chat.answerTexts()).toEqual([
    'by HTTP',
    'You said hello',
    'You said open',
    'You said open',
    'You said more',
    'Unprompted:\n\nAre you still there?',
  ]);

  await chat.ask('fall');
  await page.getByText(/^The WebSocket connection was lost\. Closed with 1011/).waitFor();
  expect(await findAccessibilityViolations(page, '.socket')).toEqual([]);
  expect(await chat.ask('back')).toContain('You said back');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText('The WebSocket is open').waitFor({ state: 'detached' });
});
