import { expect, test } from 'vitest';
import { serverAgent } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { chatOn } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

const openPage = useBrowser();

async function openChat(code: string) {
  const root = await useProject(project, code);
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url);
  return { page, chat: chatOn(page), pinned: page.getByText('The last that it printed') };
}

test('after a crash nobody promises that the session is kept, and what it printed stands once', async () => {
  const { page, chat, pinned } = await openChat(
    serverAgent(`
      if (url === '/invocations') {
        console.error('out of cheese');
        process.exit(3);
      }
    `),
  );
  expect(await chat.ask('hello')).toMatch(/the agent ended with exit code 3[^]*out of cheese/);
  await page
    .getByText('Retry asks it on a fresh machine, which has forgotten everything.')
    .waitFor();
  await page.getByText('The session ended: its agent crashed.').waitFor();
  expect(await page.getByText('the session is kept').count()).toBe(0);
  expect(await page.getByText('out of cheese').count()).toBe(1);
  expect(await pinned.count()).toBe(0);
});

test('of a crash between two turns the exception is said, and the rest can be looked into', async () => {
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
  await page.getByText(/^All \d+ lines$/).click();
  expect(await page.locator('.aside pre').innerText()).toMatch(/throw new RangeError/);
});
