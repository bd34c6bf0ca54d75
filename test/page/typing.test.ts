import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { exampleTurn, readyState } from '../support/chatState.ts';
import { useWebview } from './webview.ts';

const openWebview = useWebview(useBrowser());

const conversation = {
  id: 'c1',
  title: 'Old title',
  agent: 'arn:1',
  agentName: 'Assistant',
  createdAt: 0,
  updatedAt: 0,
};

async function openChat(): Promise<Page> {
  const { page, post } = await openWebview();
  const turn = exampleTurn({ prompt: 'Old prompt', outcome: { type: 'completed' } });
  const state = { ...readyState, turns: [turn], conversations: [conversation] };
  await post({ type: 'state', state });
  await page.getByText('Old prompt').waitFor();
  return page;
}

/**
 * Clicks a button and acts on the field that it shows before the browser paints, as a fast typist
 * on a slow machine does. Returns the field once everything that was scheduled has run.
 */
async function actAtOnce(
  page: Page,
  { button, field, act }: { button: string; field: string; act: string },
): Promise<{ value: string; selection: (number | null)[]; hasFocus: boolean }> {
  const named = page.getByRole('button', { name: button, exact: true });
  await named
    .or(page.getByTitle(button, { exact: true }))
    .first()
    .waitFor();
  return page.evaluate(
    async ([button, field, act]) => {
      const findField = (label: string) =>
        [...document.querySelectorAll('label')].find((one) => one.textContent === label)?.control;
      const find = (name: string) =>
        [...document.querySelectorAll<HTMLElement>('button, input, textarea')].find(
          (one) => one.ariaLabel === name || one.title === name,
        ) ?? findField(name)!;
      find(button!).click();
      // Only microtasks run between the click and the action.
      for (let turns = 0; turns < 10; turns++) await Promise.resolve();
      const input = find(field!) as HTMLInputElement;
      input.focus();
      if (act === 'select') input.select();
      if (act === 'caret') input.setSelectionRange(input.value.length, input.value.length);
      if (act === 'type') document.execCommand('insertText', false, 'typed');
      await new Promise((resolve) => setTimeout(resolve, 500));
      return {
        value: input.value,
        selection: [input.selectionStart, input.selectionEnd],
        hasFocus: document.activeElement === input,
      };
    },
    [button, field, act],
  );
}

test('Text selected as soon as the prompt editor opens stays selected.', async () => {
  const page = await openChat();
  const found = await actAtOnce(page, {
    button: 'Edit and resend',
    field: 'Edit the message',
    act: 'select',
  });
  expect(found).toEqual({ value: 'Old prompt', selection: [0, 10], hasFocus: true });
  await page.keyboard.insertText('New prompt');
  const editor = page.getByRole('textbox', { name: 'Edit the message' });
  expect(await editor.inputValue()).toBe('New prompt');
});

test('A caret moved as soon as the title field opens stays where it is.', async () => {
  const page = await openChat();
  await page.evaluate(() => window.postMessage({ type: 'showConversations' }, '*'));
  const found = await actAtOnce(page, {
    button: 'Rename Old title',
    field: 'Title',
    act: 'caret',
  });
  expect(found).toEqual({ value: 'Old title', selection: [9, 9], hasFocus: true });
});

test('Text typed as soon as the session panel opens stays in its field.', async () => {
  const page = await openChat();
  const session = page.locator('header').getByRole('button', { name: /^Session/ });
  const title = (await session.getAttribute('title'))!;
  const found = await actAtOnce(page, { button: title, field: 'Actor ID', act: 'type' });
  expect(found).toMatchObject({ value: 'typed', hasFocus: true });
});

test('A prompt returned while the user types does not remove typed text.', async () => {
  const { page, post } = await openWebview();
  await post({ type: 'state', state: readyState });
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await message.fill('typ');
  await page.evaluate(async () => {
    const input = document.querySelector<HTMLTextAreaElement>('.composer textarea')!;
    window.postMessage({ type: 'unsent', prompt: 'returned', isPayload: false }, '*');
    await new Promise((resolve) => addEventListener('message', resolve, { once: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
    document.execCommand('insertText', false, 'ed');
  });
  await expect.poll(() => message.inputValue()).toBe('returned\ntyped');
});
