import { expect, test, vi } from 'vitest';
import { withoutToken } from '../../src/shared/emulator.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useProject, useSampleProject } from '../support/project.ts';
import { readAddress, LONG_TIMEOUT, readReadyFile, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open } = useWorkbench();

test('Commands are offered only in states where they work.', async () => {
  const window = await open(await useSampleProject());
  const { chat, notice } = window;
  const first = await readAddress(window);
  await window.command('AgentCore: Show Log');
  await expect
    .poll(() => window.printed.innerText(), LONG_TIMEOUT)
    .toMatch(/The\slocal\sAgentCore\sis\srunning\sat/);
  expect(await window.listCommands('AgentCore:')).not.toContain('AgentCore: Start Emulator');
  await chat.ask('12 * 7');
  await window.command('AgentCore: New Conversation');
  await expect.poll(() => chat.answers.count(), LONG_TIMEOUT).toBe(0);

  await window.command('AgentCore: Stop Emulator');
  await notice.getByText('It is stopped.').waitFor();
  await expect(fetch(first)).rejects.toThrow('fetch failed');
  const offered = await window.listCommands('AgentCore:');
  expect(offered).toContain('AgentCore: Start Emulator');
  expect(offered).not.toContain('AgentCore: Restart Emulator');

  await window.command('AgentCore: Start Emulator');
  const second = await readAddress(window);
  await window.command('AgentCore: Restart Emulator');
  await expect.poll(() => readAddress(window), LONG_TIMEOUT).not.toBe(second);
  expect(await chat.ask('12 * 7')).toBe('That is 84.');
});

test('The status bar shows a clock that is ahead of real time, and a command resets it.', async () => {
  const root = await useSampleProject();
  const window = await open(root);
  const url = await readAddress(window);
  const label = () => window.status.getAttribute('aria-label');
  expect(await label()).not.toMatch(/ahead of real time/);
  const advance = await fetch(`${(await readReadyFile(root)).url}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"advanceSeconds":8100}',
  });
  expect(advance.status).toBe(200);
  await expect.poll(label, LONG_TIMEOUT).toMatch(/Its clock is 2 h 15 m ahead of real time\./);
  await window.command('AgentCore: Reset Clock and Restart Emulator');
  await expect.poll(() => readAddress(window), LONG_TIMEOUT).not.toBe(url);
  expect(await label()).not.toMatch(/ahead of real time/);
});

test('The chat shows why the emulator exited and restarts it.', async () => {
  const root = await useSampleProject();
  const window = await open(root);
  const { chat, notice } = window;
  await chat.ask('12 * 7');
  process.kill((await readReadyFile(root)).pid, 'SIGKILL');
  await notice.getByText('It was ended by signal SIGKILL.').waitFor();
  expect(await window.status.getAttribute('aria-label')).toMatch(/not running.*SIGKILL/);
  await window.takeScreenshot('killed');
  await notice.getByRole('button', { name: 'Start the emulator' }).click();
  expect(await chat.ask('6 * 7')).toBe('That is 42.');
  expect(await chat.answerTexts()).toEqual(['That is 84.', 'That is 42.']);
});

test('A second window attaches to the first window’s emulator and starts its own when that stops.', async () => {
  const root = await useSampleProject();
  const first = await open(root);
  const url = await readAddress(first);
  const second = await open(root);
  expect(await readAddress(second)).toBe(url);
  expect(await second.status.getAttribute('aria-label')).toMatch(/was started elsewhere/);
  expect(await second.chat.ask('12 * 7')).toBe('That is 84.');
  const offered = await second.listCommands('AgentCore:');
  expect(offered).toContain('AgentCore: New Conversation');
  expect(offered).not.toContain('AgentCore: Stop Emulator');
  await second.takeScreenshot('attached');

  await first.command('AgentCore: Stop Emulator');
  await second.notice.getByText('It was stopped by the program that started it.').waitFor();
  await second.notice.getByRole('button', { name: 'Start the emulator' }).click();
  expect(await second.chat.ask('6 * 7')).toBe('That is 42.');
  expect(await second.status.getAttribute('aria-label')).not.toMatch(/elsewhere/);
});

test('The browser and the clipboard get the token; the window and the log do not show it.', async () => {
  const root = await useSampleProject();
  const window = await open(root);
  const { page } = window;
  const context = page.context();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { url } = await readReadyFile(root);
  const token = url.split('/@')[1]!;
  expect(await readAddress(window)).toBe(withoutToken(url));

  const opened = context.waitForEvent('page', LONG_TIMEOUT);
  await window.command('AgentCore: Open Chat in Browser');
  // VS Code asks for confirmation before it opens an unknown address.
  const ask = page.getByRole('button', { name: 'Open', exact: true });
  await Promise.race([opened, ask.click(LONG_TIMEOUT)]);
  const browser = await opened;
  await browser.waitForURL(new RegExp(token), LONG_TIMEOUT);
  expect(await createChatPage(browser).ask('12 * 7')).toBe('That is 84.');

  await page.bringToFront();
  await window.command('AgentCore: Copy Emulator URL');
  const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
  await expect.poll(copied, LONG_TIMEOUT).toBe(url);

  await window.command('AgentCore: Show Log');
  // The start of the log may be scrolled out of view.
  await expect.poll(() => window.printed.innerText(), LONG_TIMEOUT).toMatch(/Assistant/);
  await window.status.hover();
  await page.locator('.workbench-hover').getByText('Copy URL').waitFor(LONG_TIMEOUT);
  expect(await page.content()).not.toContain(token);
});

test('A failed start is explained in the chat, and once in a notification after a command.', async () => {
  const window = await open(await useProject('{'));
  await window.notice.getByText(/agentcore\.json:1:2: Not valid JSON/).waitFor();
  // The command completes after any notification of the automatic start.
  await window.command('AgentCore: Show Log');
  await window.output.waitFor();
  expect(await window.toast.count()).toBe(0);
  await window.command('View: Toggle Panel Visibility');
  await window.output.waitFor({ state: 'detached' });
  await window.command('AgentCore: Start Emulator');
  await window.toast.getByText(/did not start: .*agentcore\.json:1:2: Not valid JSON/).waitFor();
  await window.takeScreenshot('failed');
  await window.toast.getByRole('button', { name: 'Show Log' }).click();
  await window.output.waitFor();
});
