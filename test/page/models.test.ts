import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { modelAgent } from '../support/modelAgent.ts';
import { project, useProject } from '../support/project.ts';

const openPage = useBrowser();

/** Opens the page of an agent that calls a model as often as the prompt says. */
async function openModelChat(...options: readonly string[]) {
  const root = await useProject(project, modelAgent);
  const command = useCommand([root, '--port', '0', '--ephemeral', ...options]);
  const page = await openPage((await command.ready()).url);
  return { page, chat: createChatPage(page) };
}

test('A turn shows the totals of its model calls, and lists the calls when opened with the keyboard.', async () => {
  const { page, chat } = await openModelChat();
  expect(await chat.ask('2')).toContain('offline model');
  const calls = page.locator('.modelCalls');
  const summary = calls.locator('summary');
  await expect.poll(() => summary.innerText()).toMatch(/^2 model calls · \d+ tokens in, \d+ out ·/);
  await summary.press('Enter');
  const rows = calls.getByRole('listitem');
  expect(await rows.allInnerTexts()).toEqual([
    expect.stringMatching(/^claude-sonnet-4-5 · Offline model\s+.*stop reason: end turn$/),
    expect.stringMatching(/^claude-sonnet-4-5 · Offline model\s/),
  ]);
  await page.reload();
  await expect.poll(() => summary.innerText()).toMatch(/^2 model calls ·/);
});

test('The backend of a session is chosen with the keyboard, and a refusal is shown beside it.', async () => {
  const { page, chat } = await openModelChat('--offline-model', 'fault=unavailable');
  await chat.session.press('Enter');
  const panel = page.getByRole('region', { name: 'Session' });
  const select = panel.getByLabel('Model backend');
  const status = panel.getByRole('status').filter({ hasText: 'Model calls' });
  await expect.poll(() => status.innerText()).toContain('go to: Offline model.');
  expect(await select.locator('option').first().innerText()).toBe('Default: Offline model');

  await select.selectOption('OpenAI-compatible server…');
  const form = panel.getByLabel('OpenAI-compatible server', { exact: true });
  await form.fill('openai:models.test');
  const use = panel.getByRole('button', { name: 'Use' });
  expect(await use.getAttribute('aria-disabled')).toBe('true');
  const alert = panel.getByRole('alert');
  expect(await alert.innerText()).toBe('Use the form openai:http://127.0.0.1:8000/v1#MODEL.');

  await select.selectOption('Replay a cassette…');
  const file = panel.getByLabel('Replay a cassette', { exact: true });
  await file.fill('cassette:none.json');
  await file.press('Enter');
  await expect.poll(() => alert.innerText()).toContain('none.json');
  expect(await status.innerText()).toContain('go to: Offline model.');

  await select.selectOption('offline');
  await use.press('Enter');
  await expect.poll(() => use.getAttribute('aria-disabled')).toBe('true');
  expect(await select.inputValue()).toBe('offline');
  await page.keyboard.press('Escape');

  await chat.ask('1');
  const calls = page.locator('.modelCalls');
  await expect.poll(() => calls.locator('summary').innerText()).toMatch(/^1 model call · 1 failed/);
});
