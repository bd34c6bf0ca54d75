import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverAgent } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { scriptedAgent } from '../support/chat.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

const openPage = useBrowser();

async function openChat(code: string) {
  const root = await useProject(project, code);
  const change = (other: string) => writeFile(join(root, 'app/main.js'), other);
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url);
  return {
    page,
    change,
    chat: createChatPage(page),
    pinned: page.getByText('Last output', { exact: true }),
  };
}

test('After a crash, the session is reported as ended and its output is shown once.', async () => {
  const { page, chat, pinned } = await openChat(
    serverAgent(`
      if (url === '/invocations') {
        console.error('out of cheese');
        process.exit(3);
      }
    `),
  );
  expect(await chat.ask('hello')).toMatch(/The agent ended with exit code 3[^]*out of cheese/);
  await page
    .getByText('Retry sends the message to a new machine, without the memory of the old one.')
    .waitFor();
  await page.getByText('The session ended: the agent crashed.').waitFor();
  expect(await page.getByText('the session is still running').count()).toBe(0);
  expect(await page.getByText('out of cheese').count()).toBe(1);
  expect(await pinned.count()).toBe(0);
});

test('A crash between two turns shows the exception, and the other output on request.', async () => {
  const { page, chat, pinned } = await openChat(
    serverAgent(`
      if (url === '/invocations') {
        response.end('"yes"');
        setTimeout(() => { throw new RangeError('out of cheese'); }, 300);
      }
    `),
  );
  await chat.ask('hello');
  await pinned.waitFor();
  expect(await page.locator('.aside .message').innerText()).toBe('RangeError: out of cheese');
  expect(await page.locator('.aside pre').isVisible()).toBe(false);
  await page.getByText(/^Show all \d+ lines$/).click();
  expect(await page.locator('.aside pre').innerText()).toMatch(/throw new RangeError/);
});

test('Code that does not start is reported above the composer until it is fixed.', async () => {
  const { page, chat, change } = await openChat(scriptedAgent);
  await chat.ask('hello');
  await change('const const pause = 1;');
  const notice = page.getByText(
    'The change in main.js does not start. The previous code still runs',
  );
  await notice.waitFor();
  expect(await page.locator('.aside .message').innerText()).toMatch(/^SyntaxError: /);
  expect(await chat.ask('still there')).toBe('still there');
  expect(await notice.count()).toBe(1);
  await change(scriptedAgent);
  await notice.waitFor({ state: 'detached' });
});

test('The reason why an agent does not start is shown while the turn waits.', async () => {
  const { page, chat } = await openChat(`
    import { createServer } from 'node:http';
    createServer(() => {}).listen(0, '127.0.0.1', () => console.log('at your service'));
  `);
  await chat.begin('hello');
  const answer = chat.answers.first();
  await answer.getByText(/It listens on port \d+ instead/).waitFor();
  expect(await answer.innerText()).toMatch(/^Starting \w+… \d+ s of 120 s\s[^]*at your service/);
  await chat.session.click();
  await page
    .getByRole('region', { name: 'Session' })
    .getByText(/^The session’s machine is starting \(\d+ s of 120 s\)[^]*It listens on port/)
    .waitFor();
});
