import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { serverAgent } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

const openPage = useBrowser();

/** Serves a page at port 9000, which loads a script by its absolute path. */
const builder = serverAgent(
  `if (url === '/invocations') return json(response, 'it is built');`,
  `createServer((request, response) => {
     const isScript = request.url === '/script.js';
     response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
     response.end(isScript
       ? 'document.querySelector("h1").textContent = "Built in " + location.pathname'
       : '<h1></h1><script src="/script.js"></script>');
   }).listen(9000, '0.0.0.0');`,
);

async function openChat(...options: string[]) {
  const root = await useProject(project, builder);
  const { url } = await useCommand([root, '--port', '0', '--ephemeral', ...options], {
    AWS_ACCESS_KEY_ID: 'MINE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }).ready();
  const page = await openPage(url);
  const chat = createChatPage(page);
  const preview = page.locator('header').getByRole('link', { name: 'Open preview' });
  const advance = (advanceSeconds: number) =>
    fetch(`${url}/_emulator/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds }),
    });
  return { page, chat, preview, advance };
}

/** Waits for the session's page. Containers of other tests change the network, which makes Chromium abort loads. */
async function showsSessionPage(opened: Page): Promise<void> {
  const heading = opened.getByRole('heading', { name: 'Built in /', exact: true });
  await expect
    .poll(async () => {
      const isShown = await heading.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
      // A reload can be aborted, too.
      if (!isShown) await opened.reload().catch(() => {});
      return isShown;
    })
    .toBe(true);
}

test('The page of the session’s machine opens in a new tab while the session runs.', async () => {
  const { page, chat, preview, advance } = await openChat('--allowed-ports', '9000');
  await expect.poll(chat.sessionState).toBe('Not started');
  expect(await preview.count()).toBe(0);
  await chat.ask('build it');
  const opening = page.context().waitForEvent('page');
  await preview.click();
  const opened = await opening;
  await showsSessionPage(opened);
  expect(new URL(opened.url()).hostname).toMatch(/^[0-9a-f]{32}-9000\.localhost$/);
  await advance(1_000);
  await preview.waitFor({ state: 'detached' });
});

test('With several allowed ports, the session panel asks for one of them.', async () => {
  const { page, chat } = await openChat('--allowed-ports', '8100-8110,9000');
  await chat.ask('build it');
  await page.locator('header').getByRole('button', { name: 'Open preview' }).click();
  const panel = page.getByRole('region', { name: 'Session' });
  await panel.getByText('Allowed: 8100 to 8110, 9000').waitFor();
  const link = panel.getByRole('link', { name: 'Open preview' });
  const port = panel.getByRole('spinbutton', { name: 'Port' });
  await port.fill('8500');
  await link.waitFor({ state: 'detached' });
  expect(await port.getAttribute('aria-invalid')).toBe('true');
  await port.fill('9000');
  const opening = page.context().waitForEvent('page');
  await link.click();
  await showsSessionPage(await opening);
});

test('Where requests need credentials, the panel says so and copies the endpoint.', async () => {
  const { page, chat } = await openChat('--allowed-ports', '9000', '--auth', 'sigv4');
  await chat.ask('build it');
  expect(await page.getByRole('link', { name: 'Open preview' }).count()).toBe(0);
  await chat.session.click();
  const panel = page.getByRole('region', { name: 'Session' });
  await panel.getByText(/A browser cannot open it, because each request must be signed/).waitFor();
  expect(await panel.getByRole('button', { name: 'Copy session endpoint' }).isVisible()).toBe(true);
});
