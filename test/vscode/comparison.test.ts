import { expect, test, vi } from 'vitest';
import { usePairProject } from '../support/comparisonPage.ts';
import { LONG_TIMEOUT, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open } = useWorkbench();

test('The comparison tab sends one prompt to two agents and compares their results.', async () => {
  const window = await open(await usePairProject());
  const { chat, comparison, page } = window;
  await chat.message.waitFor(LONG_TIMEOUT);
  await window.command('AgentCore: Compare Agents Side by Side');
  await comparison.message.waitFor(LONG_TIMEOUT);
  await expect.poll(() => comparison.rightAgent.inputValue(), LONG_TIMEOUT).toContain('Bob');
  await comparison.ask('What is 12 * 7?');
  expect(await comparison.answers('Ada').innerText()).toContain('It is 84.');
  expect(await comparison.answers('Bob').innerText()).toBe('Eighty-four');
  expect(await comparison.figures()).toMatchObject({
    Duration: [expect.any(String), expect.any(String), expect.stringMatching(/shorter|the same/)],
    'Tokens out': ['40', '25', 'Bob 15 fewer'],
    Tools: ['multiply', 'none', 'only Ada: multiply'],
  });
  for (const theme of ['Dark 2026', 'Light 2026', 'Dark High Contrast']) {
    await window.setTheme(theme);
    await window.takeScreenshot(`comparison, ${theme}`);
  }

  // After the tab is closed, both conversations are stored, and the chat reopens the comparison.
  await page.getByRole('tab', { name: 'Compare Agents' }).getByLabel('Close').click();
  await window.command('AgentCore: Conversations');
  await expect.poll(chat.titles, LONG_TIMEOUT).toEqual(['What is 12 * 7?', 'What is 12 * 7?']);
  await chat.message.fill('/compare');
  await chat.message.press('Enter');
  await comparison.tables.waitFor(LONG_TIMEOUT);
  expect(await comparison.answers('Bob').innerText()).toBe('Eighty-four');
});
