import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useScriptedPage } from './scriptedPage.ts';

const openPage = useBrowser();

async function openChat() {
  const url = await useScriptedPage();
  const page = await openPage(url);
  const advance = (advanceSeconds: number) =>
    fetch(`${url}/_emulator/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds }),
    });
  return { page, chat: createChatPage(page), advance };
}

test('The header shows the session state and a countdown that is not announced.', async () => {
  const { page, chat, advance } = await openChat();
  await expect.poll(chat.sessionState).toBe('Not started');
  await chat.ask('hello');
  await expect.poll(chat.sessionState).toMatch(/^Idle\s+1[45]:\d\d$/);
  expect(
    await chat.session
      .and(page.getByRole('button', { name: 'Session: Idle', exact: true }))
      .count(),
  ).toBe(1);
  expect(
    await chat.session.evaluate((button) => button.closest('[aria-live], [role=status]')),
  ).toBe(null);
  await advance(600);
  await expect.poll(chat.sessionState).toMatch(/^Idle\s+[45]:\d\d$/);
});

test('The reason of an ended session is shown, and a divider separates the next turn.', async () => {
  const { page, chat, advance } = await openChat();
  await chat.ask('one');
  await advance(900);
  await page.getByText('The session ended: it reached the idle timeout.').waitFor();
  await expect.poll(chat.sessionState).toBe('Ended');
  await chat.ask('two');
  expect(await chat.conversation.innerText()).toMatch(
    /one\s[\s\S]*A new session starts here\.[\s\S]*it reached the idle timeout[\s\S]*two/,
  );
  await page.getByText('The session ended').waitFor({ state: 'detached' });
});

test('A session can be stopped with the keyboard alone, and the focus returns.', async () => {
  const { page, chat } = await openChat();
  await chat.ask('one');
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent;
    });
  await chat.session.press('Enter');
  await page.getByRole('region', { name: 'Session' }).waitFor();
  await expect.poll(focused).toBe('Session');
  await page.keyboard.press('Tab');
  expect(await focused()).toMatch(/^Copy ID/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('The session ended: it was stopped.').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('region', { name: 'Session' }).count()).toBe(0);
  expect(await focused()).toMatch(/^Session/);
});

test('Applying an actor with the keyboard keeps the focus.', async () => {
  const { page } = await openChat();
  const chat = createChatPage(page);
  await chat.session.press('Enter');
  const actor = page.getByLabel('Actor ID');
  await actor.fill('alice');
  await actor.press('Enter');
  const apply = page.getByRole('button', { name: 'Apply' });
  await expect.poll(() => apply.getAttribute('aria-disabled')).toBe('true');
  expect(await actor.evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await actor.inputValue()).toBe('alice');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('region', { name: 'Session' }).count()).toBe(0);
});
