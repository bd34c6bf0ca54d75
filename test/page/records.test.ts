import { expect, test } from 'vitest';
import { serverAgent } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

const openPage = useBrowser();

test('The log and the timeline open from the error and from the session panel.', async () => {
  const root = await useProject(
    project,
    serverAgent(`
      if (url === '/invocations') {
        console.error('out of cheese');
        if (String(body).includes('crash')) process.exit(3);
        response.end('"well"');
      }
    `),
  );
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url);
  const chat = createChatPage(page);
  await chat.ask('crash');
  const log = page.getByRole('region', { name: 'Log' });
  const timeline = page.getByRole('region', { name: 'Timeline' });

  const link = chat.answers.first().getByRole('button', { name: 'Log' });
  await link.click();
  await log.getByText('out of cheese').waitFor();
  await log.getByText('ended: the agent crashed').waitFor();
  await log.getByRole('button', { name: 'Timeline' }).click();
  await timeline.getByText(/→ terminated: The agent ended with exit code 3/).waitFor();
  await page.keyboard.press('Escape');
  expect(await timeline.count()).toBe(0);

  await chat.session.click();
  await page.getByRole('region', { name: 'Session' }).getByRole('button', { name: 'Log' }).click();
  expect(await log.getByText(/ahead of real time/).count()).toBe(0);
  await fetch(`${url}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"advanceSeconds": 930}',
  });
  await log.getByText('Times are the emulator’s, 15 m 30 s ahead of real time.').waitFor();
  // The open log continues with the session's next machine.
  await chat.ask('hello');
  await expect.poll(() => log.getByText('out of cheese').count()).toBe(2);
  await log.getByRole('button', { name: 'Close' }).click();
  expect(await log.count()).toBe(0);
});
