import type { BrowserContextOptions } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { chatOn } from '../support/chatPage.ts';
import { faults } from './faults.ts';
import { useObedience } from './obedience.ts';

const openPage = useBrowser();

const markdown = `# Title

Some **bold**, \`code\`, a [link](https://docs.test/x) and [none](notes.md).

- [x] done
- [ ] open

> quoted

| a | b |
|---|--:|
| 1 | ${'wide '.repeat(20)} |

\`\`\`python
# a comment
@app.entrypoint
def answer(payload: dict) -> str:
    return f"{payload['n']} is {42 + 1.5} or {None}"  # and so on, and so on, and so on
\`\`\``;

const appearances: [name: string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['more contrast, light', { colorScheme: 'light', contrast: 'more' }],
  ['more contrast, dark', { colorScheme: 'dark', contrast: 'more' }],
  ['forced colours', { colorScheme: 'dark', forcedColors: 'active' }],
  ['narrow', { viewport: { width: 320, height: 500 } }],
];

test.each(appearances)('axe finds no fault with the chat: %s', async (_name, appearance) => {
  const page = await openPage(await useObedience(), appearance);
  const chat = chatOn(page);
  await chat.message.waitFor();
  expect(await faults(page)).toEqual([]);
  await chat.ask(markdown);
  await chat.ask('fail');
  await chat.ask('refuse');
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await page.getByText('on and').waitFor();
  expect(await faults(page)).toEqual([]);
});

test('the page is light or dark as the system is', async () => {
  const url = await useObedience();
  const brightness = async (colorScheme: 'light' | 'dark') => {
    const page = await openPage(url, { colorScheme });
    const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    return Number(/\d+/.exec(color)![0]);
  };
  expect(await brightness('light')).toBeGreaterThan(200);
  expect(await brightness('dark')).toBeLessThan(50);
});

test('with forced colours a prompt keeps a visible edge, and so does what has the focus', async () => {
  const page = await openPage(await useObedience(), { forcedColors: 'active' });
  const chat = chatOn(page);
  await chat.ask('hello');
  const edge = (selector: string) =>
    page.locator(selector).evaluate((element) => {
      const { borderTopColor, borderTopStyle, backgroundColor } = getComputedStyle(element);
      return borderTopStyle === 'solid' && borderTopColor !== backgroundColor;
    });
  expect(await edge('article.prompt')).toBe(true);
  expect(await edge('.composer')).toBe(true);
});

test('with reduced motion nothing moves', async () => {
  const page = await openPage(await useObedience(), { reducedMotion: 'reduce' });
  const chat = chatOn(page);
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await page.getByText('on and').waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
