import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { chatExamples } from '../support/chatExamples.ts';
import { useScriptedPage } from './scriptedPage.ts';
import { showExample, useWebview } from './webview.ts';

const openPage = useBrowser();
const openWebview = useWebview(openPage);

/** Waits until `read` returns the expected value. */
async function eventually<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  await expect.poll(read).toEqual(expected);
}

test('The chat can be used with the keyboard alone.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  await chat.message.waitFor();
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? null;
    });
  const tabTo = async (name: string | RegExp, key = 'Tab') => {
    const seen: (string | null)[] = [];
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press(key);
      const current = await focused();
      seen.push(current);
      if (current?.match(name)) {
        // The focused element has a visible outline.
        const outlined = await page.evaluate(() => {
          const element = document.activeElement!;
          const { outlineStyle } = getComputedStyle(element);
          return outlineStyle !== 'none' || element.matches('.composer textarea');
        });
        expect(outlined).toBe(true);
        return;
      }
    }
    throw new Error(`Tab does not reach ${name}, only ${seen.join(', ')}`);
  };

  await tabTo('Message');
  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await eventually(() => chat.answerTexts(), ['first line\nsecond line']);
  expect(await chat.message.inputValue()).toBe('');

  await page.keyboard.type('go on');
  await page.keyboard.press('Enter');
  await chat.stop.waitFor();
  await tabTo('Stop');
  await page.keyboard.press('Enter');
  await eventually(() => chat.conversation.getAttribute('aria-busy'), 'false');
  expect(await focused()).toBe('Message');

  await tabTo('Conversation', 'Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('New conversation');
  await page.keyboard.press('Enter');
  await eventually(() => chat.answers.count(), 0);
  expect(await focused()).toBe('Message');
});

test('Each panel can be opened, navigated and closed with the keyboard, and the focus returns.', async () => {
  // Only a page with a token has all controls of the panel of agents in AWS.
  const page = await openPage(await useScriptedPage('--token', 'keyboard'));
  await createChatPage(page).message.waitFor();
  for (const [button, panel] of [
    [/^Session/, 'Session'],
    ['Conversations', 'Conversations'],
    ['Agents in AWS', 'Agents in AWS'],
    ['Payload template', 'Payload template'],
  ] as const) {
    const opener = page.getByRole('button', { name: button });
    const region = page.getByRole('region', { name: panel, exact: true });
    const isInPanel = () => region.evaluate((box) => box.contains(document.activeElement));
    const hasFocus = () => opener.evaluate((element) => element === document.activeElement);
    await opener.focus();
    await page.keyboard.press('Enter');
    await region.waitFor();
    await eventually(isInPanel, true);
    await page.keyboard.press('Tab');
    expect(await isInPanel(), `Tab within ${panel}`).toBe(true);
    await page.keyboard.press('Escape');
    await eventually(() => region.count(), 0);
    await eventually(hasFocus, true);
  }
});

test('Tab reaches all controls in visual order, and each shows its focus.', async () => {
  const webview = await openWebview();
  const { page } = webview;
  await showExample(
    webview,
    chatExamples.find(({ name }) => name === 'answers')!,
  );
  // Start at the top of the page.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const stops: string[] = [];
  const wrong: string[] = [];
  for (let previous = null; ;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement!;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const parents: Element[] = [];
      for (let box: Element | null = element; box; box = box.parentElement) parents.push(box);
      const { top, bottom } = element.getBoundingClientRect();
      const within = element.closest('.scroller > .column');
      // Position within the scrolled content, or on the page.
      const shift = within ? -within.getBoundingClientRect().top : 0;
      return {
        name: element.getAttribute('aria-label') ?? element.textContent.trim(),
        isEnd: element === document.body,
        isSeen: parents.every((box) => getComputedStyle(box).opacity !== '0'),
        isOutlined:
          (outlineStyle !== 'none' && outlineWidth !== '0px') ||
          element.matches('.composer textarea'),
        place: within ? 'transcript' : 'page',
        top: top + shift,
        bottom: bottom + shift,
      };
    });
    if (stop.isEnd) break;
    stops.push(stop.name);
    if (!stop.isSeen || !stop.isOutlined) wrong.push(`${stop.name} has no visible focus`);
    if (previous?.place === stop.place && stop.bottom <= previous.top) {
      wrong.push(`${stop.name} is above ${previous.name}`);
    }
    previous = stop;
  }
  expect(wrong).toEqual([]);
  expect(stops[0]).toMatch(/^Session/);
  expect(stops.length).toBeGreaterThan(30);
  expect(stops).toContain('Message');
});
