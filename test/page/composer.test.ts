import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { cancellableAgent } from '../support/cancellableAgent.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { findAccessibilityViolations } from '../support/accessibility.ts';
import { useScriptedPage } from './scriptedPage.ts';

const openPage = useBrowser();

test('Up and Down recall sent prompts, also after a reload, and keep the draft.', async () => {
  const page = await openPage(await useScriptedPage(), { viewport: { width: 320, height: 600 } });
  const chat = createChatPage(page);
  const long = `first ${'word '.repeat(30)}end`;
  await chat.ask('one\nand two');
  await chat.ask(long);
  await page.reload();
  await chat.message.fill('a draft');
  const { keyboard } = page;
  await keyboard.press('ArrowUp');
  expect(await chat.message.inputValue()).toBe(long);
  await keyboard.press('ArrowUp');
  // The long prompt wraps, and the caret is in its last line.
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

test('Each conversation has its own draft, and conversations without turns share one.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  const open = async (title: string) => {
    await page.getByRole('button', { name: 'Conversations', exact: true }).click();
    await page.locator('.conversation', { hasText: title }).click();
  };
  const draftIs = (draft: string) => expect.poll(() => chat.message.inputValue()).toBe(draft);
  await chat.ask('one');
  await chat.message.fill('more of one');
  await page.keyboard.press('Escape');
  await chat.newConversation.click();
  await chat.empty.waitFor();
  await draftIs('');
  await page.keyboard.type('to begin with');
  await open('one');
  await draftIs('more of one');
  await chat.newConversation.click();
  await draftIs('to begin with');
  await page.reload();
  await draftIs('to begin with');
  await chat.ask('two');
  await draftIs('');
  await open('one');
  await draftIs('more of one');
  // The caret is at the end of the draft.
  await page.keyboard.type('!');
  await draftIs('more of one!');
});

test('A slash suggests commands to the keyboard, and other text goes to the agent.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  await chat.ask(' /help\n');
  expect(await chat.answerTexts()).toEqual(['/help']);
  expect(await chat.prompts.locator('p').textContent()).toBe('/help');

  await chat.message.pressSequentially('/');
  const options = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
  expect(await options.count()).toBeGreaterThan(2);
  const active = () =>
    chat.message.evaluate(
      (box) => document.getElementById(box.getAttribute('aria-activedescendant')!)!.textContent,
    );
  expect(await active()).toMatch(/^\/new/);
  await page.keyboard.press('ArrowDown');
  expect(await active()).not.toMatch(/^\/new/);
  await chat.message.fill('/st');
  await page.keyboard.press('Enter');
  await page.getByText('/stop: No answer is streaming.').waitFor();
  await page.keyboard.press('Escape');
  expect(await options.count()).toBe(0);
  expect(await chat.message.inputValue()).toBe('/st');

  await chat.message.fill('/s');
  await expect.poll(() => options.count()).toBe(2);
  await chat.newConversation.focus();
  await expect.poll(() => options.count()).toBe(0);
  await chat.message.fill('/se');
  await page.keyboard.press('Tab');
  expect(await chat.message.inputValue()).toBe('/session');
  await chat.message.fill('/ses');
  await options.click();
  await page.getByRole('region', { name: 'Session' }).waitFor();
  expect(await chat.message.inputValue()).toBe('');
  await page.keyboard.press('Escape');

  const saved = page.waitForEvent('download');
  await chat.message.fill('/export');
  await page.keyboard.press('Enter');
  expect((await saved).suggestedFilename()).toMatch(/\.md$/);

  await chat.message.fill('/ne');
  await page.keyboard.press('Enter');
  await expect.poll(() => chat.answers.count()).toBe(0);
  expect(await chat.message.inputValue()).toBe('');
});

test('The composer has the focus when the page opens, and a prompt waits while an answer runs.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  await chat.message.waitFor();
  await page.keyboard.type('one');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => chat.answerTexts()).toEqual(['one']);
  await chat.begin('go on');
  await chat.stop.waitFor();
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  const why = page.getByText('is still answering. Send this message when it is done.');
  await why.waitFor();
  expect(await chat.message.inputValue()).toBe('two');
  await chat.prompts.first().hover();
  expect(await page.getByRole('button', { name: 'Copy answer' }).count()).toBe(1);
  await chat.stop.click();
  await expect.poll(() => why.count()).toBe(0);
});

test('The composer grows with its text to a maximum height, then scrolls.', async () => {
  const chat = createChatPage(await openPage(await useScriptedPage()));
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

test('A payload template is validated while it is edited, is saved, and changes the payload.', async () => {
  const root = await useProject(project, cancellableAgent);
  const first = useCommand([root, '--port', '0']);
  const page = await openPage((await first.ready()).url);
  const chat = createChatPage(page);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const sent = async (prompt: string) => (await chat.ask(prompt)).replace(/\s/g, '');
  expect(await sent('hi')).toContain('{"prompt":"hi"}');
  await button('Payload template').waitFor();
  await chat.message.fill('/template');
  await chat.message.press('Enter');
  const message = page.getByRole('textbox', { name: 'Message payload' });
  expect(await message.inputValue()).toBe('{"prompt": "{{input}}"}');
  await message.fill('{"text": "{{input}}"');
  await page.getByText('line 1, column 1: This bracket has no closing }.').waitFor();
  expect(await button('Save').isDisabled()).toBe(true);
  expect(await message.getAttribute('aria-invalid')).toBe('true');
  await message.fill('{"text": "{{input}}"}');
  await page.getByRole('textbox', { name: /^Cancel payload/ }).fill('{"cancel": "{{sessionId}}"}');
  await button('Save').click();
  await button('Payload template (changed)').waitFor();
  expect(await sent('hi')).toContain('{"text":"hi"}');

  await chat.begin('work');
  await button('Cancel work').click();
  await expect.poll(() => chat.answers.last().innerText()).toMatch(/^working, ended for/);

  const exited = first.exited;
  first.process.kill('SIGTERM');
  await exited;
  const again = useCommand([root, '--port', '0']);
  const later = createChatPage(await openPage((await again.ready()).url));
  await expect.poll(() => later.answers.count()).toBe(3);
  expect((await later.ask('ho')).replace(/\s/g, '')).toContain('{"text":"ho"}');
});

test('One message can be edited as a JSON payload, which starts with the built payload.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  const json = page.getByRole('button', { name: 'Payload as JSON' });
  await chat.message.fill('my words');
  await json.click();
  expect(await chat.message.inputValue()).toBe('{"prompt": "my words"}');
  await chat.message.fill('{"prompt": "my words", "extra": 1}');
  await json.click();
  expect(await chat.message.inputValue()).toBe('my words');
  await json.click();
  expect(await chat.message.inputValue()).toBe('{"prompt": "my words", "extra": 1}');
  await json.click();
  await chat.message.fill('others');
  await json.click();
  expect(await chat.message.inputValue()).toBe('{"prompt": "others"}');
  await chat.message.fill('{"prompt": "raw",}');
  const why = page.getByText('line 1, column 17: Remove the comma before }.');
  await why.waitFor();
  expect(await chat.message.getAttribute('aria-describedby')).toBe(await why.getAttribute('id'));
  expect(await chat.send.isDisabled()).toBe(true);
  await page.reload();
  await why.waitFor();
  expect(await chat.ask('{"prompt": "raw"}')).toBe('raw');
  expect(await chat.prompts.last().innerText()).toBe('{"prompt": "raw"}');
  expect(await json.getAttribute('aria-pressed')).toBe('false');
  expect(await chat.ask('{"prompt": "raw"}')).toBe('{"prompt": "raw"}');
});

test('Selected, pasted and dropped files are shown before and after sending, and can be removed.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  const dot = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await (
    await chosen
  ).setFiles([
    { name: 'dot.png', mimeType: 'image/png', buffer: dot },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('one') },
  ]);
  const attached = page.locator('.composer').getByRole('listitem');
  await expect.poll(() => attached.allInnerTexts()).toHaveLength(2);
  const image = attached.first().locator('img');
  expect(await image.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBe(1);

  for (const type of ['paste', 'drop']) {
    await chat.message.evaluate((box, kind) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], `${kind}.csv`, { type: 'text/csv' }));
      const options = { bubbles: true, cancelable: true };
      box.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent(kind, { ...options, clipboardData: data })
          : new DragEvent(kind, { ...options, dataTransfer: data }),
      );
    }, type);
  }
  await expect.poll(() => attached.count()).toBe(4);
  expect(await findAccessibilityViolations(page)).toEqual([]);
  await chat.message.evaluate((box) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(70_000_000)], 'big.bin'));
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
  });
  await page.getByText(/^big\.bin \(70 MB\) is too large with \d+ B of other files\. /).waitFor();
  await page.getByRole('button', { name: 'Payload as JSON' }).click();
  await page.getByText('Attachments wait for the next text message').waitFor();
  await page.getByRole('button', { name: 'Payload as JSON' }).click();
  await page.getByRole('button', { name: 'Remove paste.csv' }).click();
  await page.getByRole('button', { name: 'Remove drop.csv' }).click();
  await expect.poll(() => attached.count()).toBe(2);
  await page.reload();
  await expect.poll(() => attached.count()).toBe(2);

  await chat.ask('look');
  expect(await attached.count()).toBe(0);
  const sent = chat.prompts.getByRole('listitem');
  expect((await sent.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
    'dot.png 70 B',
    'notes.txt 3 B',
  ]);
  expect(await sent.locator('img').count()).toBe(1);
});
