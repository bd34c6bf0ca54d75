import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { scriptedAgent } from '../support/chat.ts';
import { createChatPage } from '../support/chatPage.ts';
import { sample, useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { useScriptedPage } from './scriptedPage.ts';

const openPage = useBrowser();

/** Starts the built command with the sample agent, as `npm start` does. */
async function useSample(...args: string[]): Promise<string> {
  const running = useCommand([sample, '--port', '0', '--ephemeral', ...args]);
  return (await running.ready()).url;
}

/** Waits until `read` returns the expected value. */
async function eventually<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  await expect.poll(read).toEqual(expected);
}

test('The agent answers prompts from the page and keeps the state of its session.', async () => {
  const chat = createChatPage(await openPage(await useSample()));
  expect(await chat.ask('remember my city is Turin')).toBe(
    'I will remember until this session ends: your city is Turin.',
  );
  expect(await chat.ask('what is my city?')).toBe('You told me: Turin.');
  expect(await chat.prompts.allInnerTexts()).toEqual([
    'remember my city is Turin',
    'what is my city?',
  ]);
  await chat.newConversation.click();
  await eventually(() => chat.answers.count(), 0);
  expect(await chat.ask('what is my city?')).toMatch(/^You said/);
});

test('An empty chat names the agent and offers example prompts.', async () => {
  const page = await openPage(await useSample());
  await page.getByRole('heading', { name: 'Chat with Assistant' }).waitFor();
  const chat = createChatPage(page);
  await page.getByRole('button', { name: 'What is 12 * 7?' }).click();
  await eventually(() => chat.answerTexts(), ['That is 84.']);
  await chat.newConversation.click();
  await page.getByRole('button', { name: /^Remember/ }).click();
  await expect
    .poll(() => chat.answers.innerText())
    .toMatch(/^I will remember until this session ends: your city is Turin/);
});

test('An answer streams, Stop ends it immediately, and the next prompt can be sent.', async () => {
  const chat = createChatPage(await openPage(await useScriptedPage()));
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await eventually(() => chat.answerTexts(), ['on and']);
  expect(await chat.conversation.getAttribute('aria-busy')).toBe('true');
  expect(await chat.send.count()).toBe(0);
  await chat.stop.click();
  await eventually(() => chat.conversation.getAttribute('aria-busy'), 'false');
  expect(await chat.answers.innerText()).toMatch(/^on and\s+Stopped\. The agent may continue/);
  expect(await chat.ask('and again')).toBe('and again');
});

test('A failure is shown with the agent’s message, after the text before it.', async () => {
  const chat = createChatPage(await openPage(await useScriptedPage()));
  expect(await chat.ask('fail')).toMatch(/^fail\s+ValueError\s+boom\s+Log\s+Timeline$/);
  expect(await chat.ask('refuse')).toMatch(/^RuntimeClientError\s+.*I would rather not/s);
});

test('A crash shows the traceback in a box that the keyboard can scroll.', async () => {
  const root = await useProject(project, 'throw new Error("no vector store");');
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url, { viewport: { width: 320, height: 640 } });
  const chat = createChatPage(page);
  expect(await chat.ask('hello')).toMatch(/no vector store/);
  const traceback = chat.answers.locator('pre');
  await traceback.focus();
  await page.keyboard.press('End');
  expect(await traceback.evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test('Conversation, session and draft survive a reload, and a second window shows them.', async () => {
  const url = await useScriptedPage();
  const page = await openPage(url);
  const chat = createChatPage(page);
  await chat.ask('one');
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await eventually(() => chat.answerTexts(), ['one', 'on and']);
  await chat.message.fill('a draft');
  const session = await chat.session.getAttribute('title');

  await page.reload();
  await eventually(() => chat.answerTexts(), ['one', 'on and']);
  expect(await chat.message.inputValue()).toBe('a draft');
  expect(await chat.session.getAttribute('title')).toBe(session);

  const other = createChatPage(await openPage(url));
  await other.stop.click();
  await eventually(() => chat.conversation.getAttribute('aria-busy'), 'false');
});

test('Enter in an input method sends nothing.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  await chat.message.focus();
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Input.imeSetComposition', {
    text: 'にほん',
    selectionStart: 3,
    selectionEnd: 3,
  });
  // Chromium reports key code 229 while an input method is open.
  await devTools.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await devTools.send('Input.insertText', { text: '日本' });
  expect(await chat.message.inputValue()).toBe('日本');
  expect(await chat.prompts.count()).toBe(0);
  await chat.message.press('Enter');
  await eventually(() => chat.answerTexts(), ['日本']);
});

test('HTML in an answer is shown as text.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  expect(await chat.ask(hostile)).toBe(hostile);
  expect(await page.title()).toBe('AgentCore Chat');
});

test('The transcript follows new content unless the reader has scrolled up.', async () => {
  const page = await openPage(await useScriptedPage(), { viewport: { width: 400, height: 400 } });
  const chat = createChatPage(page);
  const top = () => chat.conversation.evaluate((box) => box.scrollTop);
  const below = () =>
    chat.conversation.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop < 8);
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
  await chat.ask(lines);
  expect(await below()).toBe(true);

  // The user's own prompt is always shown. Then the reader scrolls up while the answer runs.
  await chat.message.fill(`more ${lines}`);
  await chat.message.press('Enter');
  await eventually(() => chat.answers.count(), 2);
  await eventually(() => chat.conversation.getAttribute('aria-busy'), 'false');
  await chat.conversation.focus();
  await page.keyboard.press('Home');
  await eventually(top, 0);
  const latest = page.getByRole('button', { name: 'Latest' });
  await latest.waitFor();

  // The conversation continues in another window.
  const other = createChatPage(await openPage(page.url()));
  await other.ask('and on');
  await eventually(() => chat.answers.count(), 3);
  expect(await top()).toBe(0);
  await page.reload();
  await eventually(() => chat.answers.count(), 3);
  expect(await top()).toBe(0);
  await latest.click();
  await eventually(below, true);
  expect(await latest.count()).toBe(0);
});

test('The complete session ID is copied.', async () => {
  const page = await openPage(await useScriptedPage(), {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { session } = createChatPage(page);
  await session.click();
  await page.getByRole('button', { name: /^Copy ID/ }).click();
  await page.getByText('Session ID copied.').waitFor({ state: 'attached' });
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^[0-9a-f-]{36}$/);
  expect(await session.getAttribute('title')).toContain(copied);
});

test('Screen readers get an answer by sentence, not from the log itself.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  expect(await chat.conversation.getAttribute('aria-live')).toBe('off');
  await chat.ask('It is late. Good night');
  const announced = page.locator('[aria-live=polite] p');
  await eventually(
    async () => (await announced.allInnerTexts()).join(' '),
    'It is late. Good night',
  );
});

test('A page reports that its emulator was stopped, and reconnects to it.', async () => {
  const args = [sample, '--ephemeral', '--token', 'letmein', '--port'];
  const first = useCommand([...args, '0']);
  const { url } = await first.ready();
  // The page's URL contains the token, with or without a trailing slash.
  const page = await openPage(url);
  const chat = createChatPage(page);
  await chat.ask('12 * 7');
  await chat.message.fill('a draft');
  first.process.kill('SIGTERM');
  await first.exited;
  const notice = page.getByText('The emulator was stopped. Start it again');
  await notice.waitFor();
  expect(await chat.send.isDisabled()).toBe(true);

  const second = useCommand([...args, new URL(url).port]);
  await second.ready();
  await notice.waitFor({ state: 'detached' });
  expect(await chat.message.inputValue()).toBe('a draft');
  expect(await chat.ask('2 + 2')).toBe('That is 4.');
});

test('Each agent of the project can be selected and gets its own session.', async () => {
  const agent = (name: string, protocol = 'HTTP') => ({
    name,
    protocol,
    entrypoint: 'main.js',
    codeLocation: 'app/',
  });
  const root = await useProject(
    { name: 'Demo', runtimes: [agent('One'), agent('Tools', 'MCP'), agent('Two')] },
    scriptedAgent,
  );
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url);
  const chat = createChatPage(page);
  const agents = page.getByRole('combobox', { name: 'Agent' });
  await agents.waitFor();
  expect(await agents.locator('option').allInnerTexts()).toEqual(['One', 'Tools', 'Two']);
  const first = await chat.session.getAttribute('title');
  await agents.selectOption('Two');
  await page.getByRole('heading', { name: 'Chat with Two' }).waitFor();
  expect(await chat.session.getAttribute('title')).not.toBe(first);
  await chat.ask('hello');
  expect(await chat.conversation.getByRole('article', { name: 'Two' }).innerText()).toBe('hello');
});
