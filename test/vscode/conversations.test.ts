import { expect, test, vi } from 'vitest';
import { scriptedAgent } from '../support/chat.ts';
import { project, useProject } from '../support/project.ts';
import { LONG_TIMEOUT, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open } = useWorkbench();

test('The view title starts a new conversation and lists all stored conversations.', async () => {
  const window = await open(await useProject(project, scriptedAgent));
  const { chat, page } = window;
  await chat.ask('apples');
  const title = (name: string) => page.getByRole('button', { name, exact: true }).first();
  await title('New Conversation').click();
  await expect.poll(() => chat.answers.count(), LONG_TIMEOUT).toBe(0);
  await chat.ask('pears');
  const session = await chat.session.getAttribute('title');
  expect(await chat.newConversation.count()).toBe(0);

  await page.reload();
  await expect.poll(() => chat.answerTexts(), LONG_TIMEOUT).toEqual(['pears']);
  expect(await chat.session.getAttribute('title')).toBe(session);
  await title('Conversations…').click();
  await expect.poll(chat.titles, LONG_TIMEOUT).toEqual(['pears', 'apples']);
  await window.takeScreenshot('conversations');
});
