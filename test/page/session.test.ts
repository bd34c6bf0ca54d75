import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { chatOn } from '../support/chatPage.ts';
import { useObedience } from './obedience.ts';

const openPage = useBrowser();

async function openChat() {
  const url = await useObedience();
  const page = await openPage(url);
  const advance = (advanceSeconds: number) =>
    fetch(`${url}/_emulator/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds }),
    });
  return { page, chat: chatOn(page), advance };
}

test('the header says how the session is, and counts down to its end without telling it', async () => {
  const { page, chat, advance } = await openChat();
  await expect.poll(chat.sessionState).toBe('Not begun');
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

test('a session that ended in between says why, and a line divides what follows', async () => {
  const { page, chat, advance } = await openChat();
  await chat.ask('one');
  await advance(900);
  await page.getByText('The session ended: it was idle for as long as it may be.').waitFor();
  await expect.poll(chat.sessionState).toBe('Ended');
  await chat.ask('two');
  expect(await chat.conversation.innerText()).toMatch(
    /one\s[\s\S]*A new session begins here\.[\s\S]*idle for as long as it may be[\s\S]*two/,
  );
  await page.getByText('The session ended').waitFor({ state: 'detached' });
});

test('a session is stopped from its panel by the keyboard alone, and the focus comes back', async () => {
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
  expect(await focused()).toMatch(/^Copy id/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('The session ended: it was stopped.').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('region', { name: 'Session' }).count()).toBe(0);
  expect(await focused()).toMatch(/^Session/);
});

test('an actor is set by the keyboard, which stays where it was', async () => {
  const { page } = await openChat();
  const chat = chatOn(page);
  await chat.session.press('Enter');
  const actor = page.getByLabel('Actor id');
  await actor.fill('alice');
  await actor.press('Enter');
  const apply = page.getByRole('button', { name: 'Apply' });
  await expect.poll(() => apply.getAttribute('aria-disabled')).toBe('true');
  expect(await actor.evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await actor.inputValue()).toBe('alice');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('region', { name: 'Session' }).count()).toBe(0);
});
