import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { chatOn } from '../support/chatPage.ts';
import { useObedience } from './obedience.ts';

const openPage = useBrowser();

const PATIENCE = { timeout: 15_000 };

test('Up and Down recall what was sent, over a reload too, and the draft is not lost', async () => {
  const page = await openPage(await useObedience(), { viewport: { width: 320, height: 600 } });
  const chat = chatOn(page);
  const long = `first ${'word '.repeat(30)}end`;
  await chat.ask('one\nand two');
  await chat.ask(long);
  await page.reload();
  await chat.message.fill('a draft');
  const { keyboard } = page;
  await keyboard.press('ArrowUp');
  expect(await chat.message.inputValue()).toBe(long);
  await keyboard.press('ArrowUp');
  // The long one takes several lines, and the caret is in its last.
  expect(await chat.message.inputValue()).toBe(long);
  await keyboard.press('Control+Home');
  await keyboard.press('ArrowUp');
  expect(await chat.message.inputValue()).toBe('one\nand two');
  await keyboard.press('ArrowUp');
  expect(await chat.message.inputValue()).toBe('one\nand two');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  expect(await chat.message.inputValue()).toBe(long);
  await keyboard.press('ArrowDown');
  expect(await chat.message.inputValue()).toBe('a draft');
  await keyboard.press('ArrowDown');
  expect(await chat.message.inputValue()).toBe('a draft');
});

test('a slash offers commands to the keyboard, and what is none goes to the agent', async () => {
  const page = await openPage(await useObedience());
  const chat = chatOn(page);
  await chat.ask('/help');
  expect(await chat.answerTexts()).toEqual(['/help']);

  await chat.message.pressSequentially('/');
  const options = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
  expect(await options.count()).toBeGreaterThan(2);
  const active = () =>
    chat.message.evaluate(
      (box) => document.getElementById(box.getAttribute('aria-activedescendant')!)!.textContent,
    );
  expect(await active()).toMatch(/^\/new/);
  await page.keyboard.press('ArrowDown');
  expect(await active()).toMatch(/^\/stop/);
  await page.keyboard.press('Enter');
  await page.getByText('/stop: No answer is coming.').waitFor();
  await page.keyboard.press('Escape');
  expect(await options.count()).toBe(0);
  expect(await chat.message.inputValue()).toBe('/');

  await chat.message.fill('/ne');
  await page.keyboard.press('Enter');
  await expect.poll(() => chat.answers.count(), PATIENCE).toBe(0);
  expect(await chat.message.inputValue()).toBe('');
});

test('the composer grows with its text to a bound, and scrolls from there', async () => {
  const chat = chatOn(await openPage(await useObedience()));
  const height = () => chat.message.evaluate((box) => box.clientHeight);
  const lines = (count: number) => Array.from({ length: count }, () => 'line').join('\n');
  const one = await height();
  await chat.message.fill(lines(4));
  const four = await height();
  expect(four).toBeGreaterThan(one * 2);
  await chat.message.fill(lines(400));
  const most = await height();
  expect(most).toBeGreaterThan(four);
  expect(most).toBeLessThan(400);
  expect(await chat.message.evaluate((box) => box.scrollHeight > box.clientHeight)).toBe(true);
  await chat.message.fill('');
  expect(await height()).toBe(one);
});
