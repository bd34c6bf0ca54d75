import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { chatOn } from '../support/chatPage.ts';
import { chatExamples } from '../support/chatExamples.ts';
import { useObedience } from './obedience.ts';
import { showSight, useWebview } from './webview.ts';

const openPage = useBrowser();
const openWebview = useWebview(openPage);

/** Waits until a look at the page gives what is wanted. */
async function eventually<Value>(look: () => Promise<Value>, wanted: Value): Promise<void> {
  await expect.poll(look).toEqual(wanted);
}

test('the keyboard is enough', async () => {
  const page = await openPage(await useObedience());
  const chat = chatOn(page);
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
        // What has the focus shows it.
        const outlined = await page.evaluate(() => {
          const element = document.activeElement!;
          const { outlineStyle } = getComputedStyle(element);
          return outlineStyle !== 'none' || element.matches('.composer textarea');
        });
        expect(outlined).toBe(true);
        return;
      }
    }
    throw new Error(`Tab does not come to ${name}, but to ${seen.join(', ')}`);
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

test('each panel is opened, gone through and left by keys, and the focus is where it was', async () => {
  const page = await openPage(await useObedience());
  await chatOn(page).message.waitFor();
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

test('Tab leads through all that one can do in the order in which it is seen, and shows where it is', async () => {
  const webview = await openWebview();
  const { page } = webview;
  await showSight(
    webview,
    chatExamples.find(({ name }) => name === 'answers')!,
  );
  // From the beginning.
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
      // Where it stands in what scrolls, or on the page.
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
    if (!stop.isSeen || !stop.isOutlined) wrong.push(`${stop.name} does not show that it is there`);
    if (previous?.place === stop.place && stop.bottom <= previous.top) {
      wrong.push(`${stop.name} stands above ${previous.name}`);
    }
    previous = stop;
  }
  expect(wrong).toEqual([]);
  expect(stops[0]).toMatch(/^Session/);
  expect(stops.length).toBeGreaterThan(30);
  expect(stops).toContain('Message');
});
