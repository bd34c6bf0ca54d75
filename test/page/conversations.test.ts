import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { scriptedAgent } from '../support/chat.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { useScriptedPage } from './scriptedPage.ts';

const openPage = useBrowser();

async function openChat(url?: string) {
  const page = await openPage(url ?? (await useScriptedPage()));
  const chat = createChatPage(page);
  const panel = page.getByRole('region', { name: 'Conversations' });
  const opener = page.getByRole('button', { name: 'Conversations', exact: true });
  const { titles } = chat;
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent;
    });
  const begin = async () => {
    await chat.newConversation.click();
    await expect.poll(() => chat.answers.count()).toBe(0);
  };
  return { page, chat, panel, opener, titles, focused, begin };
}

test('Conversations survive a restart of the emulator and report that their session ended.', async () => {
  const root = await useProject(project, scriptedAgent);
  const args = [root, '--data', await useFolder(), '--port'];
  const first = useCommand([...args, '0']);
  const { url } = await first.ready();
  const { page, chat, opener, titles, panel, begin } = await openChat(url);
  await chat.ask('one');
  const session = await chat.session.getAttribute('title');
  await begin();
  await chat.ask('two');
  first.process.kill('SIGTERM');
  await first.exited;

  await useCommand([...args, new URL(url).port]).ready();
  await page.getByText('The session ended: the emulator was stopped.').waitFor();
  expect(await chat.answerTexts()).toEqual(['two']);
  await opener.click();
  await expect.poll(titles).toEqual(['two', 'one']);
  await panel.getByRole('button', { name: /^one/ }).click();
  await expect.poll(() => chat.answerTexts()).toEqual(['one']);
  expect(await chat.session.getAttribute('title')).toBe(session);
  expect(await chat.ask('three')).toBe('three');
  expect(await chat.conversation.innerText()).toMatch(/A new session starts here/);
});

test('A conversation can be found, renamed, removed and restored with the keyboard alone.', async () => {
  const { page, chat, panel, opener, titles, focused, begin } = await openChat();
  await chat.ask('apples');
  await chat.ask('the words of the second prompt');
  await begin();
  await chat.ask('pears');
  await opener.press('Enter');
  await expect.poll(focused).toBe('Search conversations');
  // Messages are searched as well as titles.
  await page.keyboard.type('plums');
  await panel
    .getByText('No results for “plums” in titles, messages, thinking and tool calls.')
    .waitFor();
  await page.getByRole('searchbox').fill('of the second prompt');
  await expect.poll(titles).toEqual(['apples']);
  await panel.getByText('the words of the second prompt', { exact: true }).waitFor();
  await page.getByRole('searchbox').fill('APP');
  await expect.poll(titles).toEqual(['apples']);

  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Rename apples');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Title');
  await page.keyboard.type('Apple talk');
  await page.keyboard.press('Enter');
  await expect.poll(titles).toEqual(['Apple talk']);
  await expect.poll(focused).toBe('Rename Apple talk');

  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Title');
  await page.keyboard.type('never mind');
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Rename Apple talk');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await panel.getByText('Removed “Apple talk”.').waitFor();
  await expect.poll(focused).toBe('Undo');
  await page.keyboard.press('Enter');
  await expect.poll(titles).toEqual(['Apple talk']);
  await expect.poll(focused).toBe('Search conversations');

  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  expect(await focused()).toBe('Conversations');
  expect(await chat.answerTexts()).toEqual(['pears']);
});

test('A session ID that is too short shows an error, and actor and session are applied together.', async () => {
  const { page, chat } = await openChat();
  await chat.session.click();
  const sessionId = page.getByRole('textbox', { name: 'Session ID' });
  const apply = page.getByRole('button', { name: 'Apply' });
  await sessionId.fill('short');
  await page.getByText('A session id has 33 to 256 characters. This one has 5.').waitFor();
  expect(await sessionId.getAttribute('aria-invalid')).toBe('true');
  expect(await apply.isDisabled()).toBe(true);
  const id = 'a-session-of-my-own-that-is-long-enough';
  await sessionId.fill(id);
  await page.getByRole('textbox', { name: 'Actor ID' }).fill('alice');
  await apply.click();
  await expect.poll(() => chat.session.getAttribute('title')).toBe(`Session ${id}`);
  expect(await page.getByRole('textbox', { name: 'Actor ID' }).inputValue()).toBe('alice');
});

test('A failed turn can be retried, a prompt edited and resent, and a turn forked.', async () => {
  const { page, chat, focused } = await openChat();
  await chat.ask('fail');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect.poll(() => chat.prompts.allInnerTexts()).toEqual(['fail', 'fail']);
  await page.locator('[role=log][aria-busy=false]').waitFor();

  const edit = page.getByRole('button', { name: 'Edit and resend' }).first();
  await edit.press('Enter');
  await expect.poll(focused).toBe('Edit the message');
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Edit and resend');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Edit the message' }).fill('and now');
  await page.keyboard.press('Enter');
  await expect.poll(() => chat.answers.count()).toBe(3);
  await expect.poll(() => chat.answers.nth(2).innerText()).toBe('and now');
  expect(await chat.prompts.first().innerText()).toBe('fail');

  await page.locator('[role=log][aria-busy=false]').waitFor();
  await page.getByRole('button', { name: 'Fork from here' }).first().press('Enter');
  await expect.poll(() => chat.answers.count()).toBe(1);
  await page.getByText(/^Your next message starts a new session/).waitFor();
  await expect.poll(focused).toBe('Message');
});

test('An exported conversation can be imported and says where its messages are from.', async () => {
  const { page, chat, opener, panel, titles } = await openChat();
  await chat.ask('apples');
  await opener.click();
  const exported = async (name: string) => {
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: await text(await file.createReadStream()) };
  };
  const markdown = await exported('Export as Markdown');
  expect(markdown.name).toBe('apples.md');
  expect(markdown.text).toMatch(/^# apples\n[\s\S]*## You\n\napples\n\n## Helper\n\napples\n$/);
  const json = await exported('Export as JSON');
  expect(json.name).toBe('apples.json');

  const file = panel.locator('input[type=file]');
  const buffer = Buffer.from(json.text);
  await file.setInputFiles({ name: json.name, mimeType: 'application/json', buffer });
  await expect.poll(titles).toEqual(['apples', 'apples']);
  expect(await chat.answerTexts()).toEqual(['apples']);
  await page.getByText('The messages above were imported from a file.').waitFor();

  const broken = Buffer.from(json.text.slice(0, 50));
  await file.setInputFiles({ name: json.name, mimeType: 'application/json', buffer: broken });
  await page.getByText(/^The file cannot be imported: Not valid JSON/).waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByText(/^The file cannot be imported/).waitFor({ state: 'detached' });
});
