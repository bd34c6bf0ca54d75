import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { createStateMessage, createTurn } from './answers.ts';
import { useWebview } from './webview.ts';

const openWebview = useWebview(useBrowser());

const COUNT = 400;
const long = createStateMessage(
  ...Array.from({ length: COUNT }, (_, index) =>
    createTurn(
      `t${index}`,
      `Answer **${index}**.\n\n- it has\n- ${'many words '.repeat(index % 40)}`,
    ),
  ),
);

test('A long conversation opens at its end and is soon rendered completely.', async () => {
  const { page, post } = await openWebview({ viewport: { width: 400, height: 700 } });
  const { conversation, answers } = createChatPage(page);
  const atEnd = () =>
    conversation.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop < 8);
  await post(long);
  await page.getByText(`Answer ${COUNT - 1}.`).waitFor();
  expect(await atEnd()).toBe(true);
  await expect.poll(() => answers.count(), { timeout: 20_000 }).toBe(COUNT);
  expect(await atEnd()).toBe(true);
  expect(await page.evaluate('window.find("Answer 7.")')).toBe(true);
  expect(await conversation.getByRole('article').count()).toBe(2 * COUNT);
});

test('A jump to the start of a long conversation keeps its scroll position.', async () => {
  const { page, post } = await openWebview({ viewport: { width: 400, height: 700 } });
  const { conversation, answers } = createChatPage(page);
  await post(long);
  await page.getByText(`Answer ${COUNT - 1}.`).waitFor();
  await conversation.focus();
  await page.keyboard.press('Home');
  const first = page.getByText('Answer 0.');
  await first.waitFor();
  await expect.poll(() => conversation.evaluate((box) => box.scrollTop)).toBe(0);
  const place = () => first.evaluate((element) => element.getBoundingClientRect().top);
  const before = await place();
  await post({ type: 'asked', turn: 'new', prompt: 'more', at: 1 });
  await post({ type: 'answered', turn: 'new', event: { type: 'text', text: 'and more' }, at: 1 });
  await expect.poll(() => answers.count(), { timeout: 20_000 }).toBe(COUNT + 1);
  expect(await place()).toBe(before);
  await page.getByRole('button', { name: 'Latest' }).click();
  await page.getByText('and more').waitFor();
  const below = () =>
    conversation.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  await expect.poll(below).toBeLessThan(8);
});
