import type { BrowserContextOptions } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { createComparisonPage, usePairProject } from '../support/comparisonPage.ts';
import { findAccessibilityViolations } from '../support/accessibility.ts';
import { findClippedText } from './clippedText.ts';

const openPage = useBrowser();

/** Opens the comparison page of a project. */
async function usePair(options?: BrowserContextOptions) {
  const root = await usePairProject();
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(`${url}/compare`, options);
  const comparison = createComparisonPage(page);
  await comparison.message.waitFor();
  return { page, url, comparison };
}

test('One message goes to two agents, and their answers, tools and figures are compared.', async () => {
  const { page, comparison } = await usePair();
  const { ask, answers, figures, lane } = comparison;
  expect(await findAccessibilityViolations(page)).toEqual([]);
  await ask('What is 12 * 7?');
  await expect.poll(() => answers('Ada').innerText()).toContain('It is 84.');
  expect(await answers('Bob').innerText()).toBe('Eighty-four');
  expect(await lane('Bob').getAttribute('aria-busy')).toBe('false');
  expect(await figures()).toMatchObject({
    'First word': [
      expect.stringMatching(/m?s$/),
      expect.stringMatching(/m?s$/),
      expect.any(String),
    ],
    'Tokens in': ['12', '12', 'the same'],
    'Tokens out': ['40', '25', 'Bob 15 fewer'],
    Tools: ['multiply', 'none', 'only Ada: multiply'],
    Answer: ['3 words', '2 words', 'different text'],
  });
  await page.getByRole('status').getByText('Tools: only Ada: multiply.').waitFor();
  await ask('echo');
  expect((await figures())['Answer']?.[2]).toBe('the same text');
  expect(await findAccessibilityViolations(page)).toEqual([]);
});

test('A failed answer does not affect the other, and answers can be stopped alone or together.', async () => {
  const { page, comparison } = await usePair();
  const { ask, send, answers, figures, stop } = comparison;
  await ask('refuse Eighty-four');
  expect((await figures())['Answer']).toEqual([
    '3 words',
    'failed: RuntimeClientError',
    'only Ada answered',
  ]);
  await send('go on');
  await answers('Bob').nth(1).getByText('Eighty-four').waitFor();
  await page.getByRole('button', { name: 'Stop Ada' }).click();
  await answers('Ada').nth(1).getByText('Stopped.').waitFor();
  expect(await comparison.lane('Bob').getAttribute('aria-busy')).toBe('true');
  await stop.click();
  await answers('Bob').nth(1).getByText('Stopped.').waitFor();
  expect((await figures())['Answer']).toEqual(['stopped', 'stopped', 'neither completed']);
});

test('A comparison survives a reload, and another agent or New comparison starts over.', async () => {
  const { page, url, comparison } = await usePair();
  const { ask, answers, rightAgent, begin, tables } = comparison;
  await ask('What is 12 * 7?');
  await page.reload();
  await tables.waitFor();
  expect(await answers('Bob').innerText()).toBe('Eighty-four');
  await rightAgent.selectOption('Ada');
  await expect.poll(() => tables.count()).toBe(0);
  await ask('echo');
  expect(await answers('Ada (left)').innerText()).toContain('the same');
  await begin.click();
  await expect.poll(() => tables.count()).toBe(0);

  // The turns are kept as conversations with the agent's name.
  await page.goto(url);
  await page.getByRole('button', { name: 'Conversations' }).click();
  await expect
    .poll(async () => (await createChatPage(page).titles()).toSorted())
    .toEqual(['What is 12 * 7?', 'What is 12 * 7?', 'echo', 'echo']);
});

test('The chat links to the comparison and has a command for it.', async () => {
  const { page, comparison } = await usePair();
  await page.getByRole('link', { name: 'Chat' }).click();
  const chat = createChatPage(page);
  await chat.message.waitFor();
  await page.getByRole('link', { name: 'Compare agents side by side' }).click();
  await comparison.begin.waitFor();
  await page.goBack();
  await chat.message.fill('/compare');
  await chat.message.press('Enter');
  await comparison.begin.waitFor();
  expect(new URL(page.url()).pathname).toBe('/compare');
});

const appearances: [name: string, BrowserContextOptions][] = [
  ['dark', { colorScheme: 'dark' }],
  ['forced colors', { colorScheme: 'dark', forcedColors: 'active' }],
  ['narrow', { viewport: { width: 320, height: 500 } }],
];

test.each(appearances)(
  'axe finds no accessibility problems in a comparison: %s.',
  async (_name, appearance) => {
    const { page, comparison } = await usePair(appearance);
    await comparison.ask('What is 12 * 7?');
    await comparison.ask('refuse Eighty-four');
    await comparison.send('go on');
    await comparison.answers('Ada').nth(2).getByText('It is').waitFor();
    expect(await findAccessibilityViolations(page)).toEqual([]);
    expect(await findClippedText(page)).toEqual([]);
  },
);
