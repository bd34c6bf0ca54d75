import { expect, test, vi } from 'vitest';
import { useSampleProject } from '../support/project.ts';
import { LONG_TIMEOUT, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open } = useWorkbench();

test('The chat opens in an editor tab with the same conversation and survives a reload.', async () => {
  const window = await open(await useSampleProject());
  const { chat, chatTab, page } = window;
  expect(await chat.ask('Remember that my city is Turin')).toMatch(/Turin/);
  await window.command('AgentCore: Open Chat in an Editor Tab');
  await expect.poll(() => chatTab.answerTexts(), LONG_TIMEOUT).toHaveLength(1);
  expect(await chatTab.ask('What is my city?')).toBe('You told me: Turin.');
  await expect.poll(() => chat.answerTexts(), LONG_TIMEOUT).toHaveLength(2);
  await window.takeScreenshot('chat in a tab');

  // A reload of the page itself would leave VS Code no time to store its open tabs.
  const reloaded = page.waitForEvent('load');
  await window.command('Developer: Reload Window');
  await reloaded;
  await expect.poll(() => chatTab.answerTexts(), LONG_TIMEOUT).toHaveLength(2);
  await page.getByRole('button', { name: 'New Conversation' }).last().click();
  await expect.poll(() => chatTab.empty.innerText(), LONG_TIMEOUT).toMatch(/^Chat with/);
});
