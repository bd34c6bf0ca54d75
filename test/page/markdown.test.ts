import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { hostile } from '../webview/markdown/corpus.ts';
import { createStateMessage, createTurn } from './answers.ts';
import { useScriptedPage } from './scriptedPage.ts';
import { useWebview } from './webview.ts';

const openPage = useBrowser();
const openWebview = useWebview(openPage);

/** Collects and blocks the requests of a page to other origins. */
async function collectExternalRequests(page: Page): Promise<string[]> {
  const requests: string[] = [];
  const own = new URL(page.url()).origin;
  await page.context().route(
    (url) => url.origin !== own && url.protocol.startsWith('http'),
    (route) => {
      requests.push(route.request().url());
      return route.fulfill({ body: 'blocked' });
    },
  );
  return requests;
}

/** Hovers, focuses and clicks every element, to trigger event handlers. */
async function triggerAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>(
      '.markdown :not(button, button *)',
    )) {
      element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
      element.focus();
      // Real links would navigate.
      if (!element.closest('a[href]')) element.click();
    }
  });
}

test('Markdown runs and loads nothing, even without a content security policy.', async () => {
  // The test page has no content security policy, so the elements themselves must be harmless.
  const { page, post } = await openWebview();
  const external = await collectExternalRequests(page);
  await post(createStateMessage(...hostile.map((text, index) => createTurn(`t${index}`, text))));
  await expect.poll(() => page.locator('article.answer').count()).toBe(hostile.length);
  await triggerAll(page);
  await page.waitForLoadState('networkidle');
  expect(external).toEqual([]);
  expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
  expect(page.url()).toBe('https://webview.test/');
  const forbidden = page.locator(
    '.markdown :is(script, style, link, iframe, object, embed, svg, form, base, meta)',
  );
  // Icons of the chat's own buttons do not count.
  expect(await forbidden.and(page.locator(':not(button *)')).count()).toBe(0);
  const addresses = await page
    .locator('.markdown :is(a[href], img)')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? one.getAttribute('src')!));
  for (const address of addresses) expect(address).toMatch(/^(?:https?:\/\/|data:image\/)/);
});

test('Streamed markdown is rendered on the emulator’s page and loads nothing.', async () => {
  const page = await openPage(await useScriptedPage());
  const external = await collectExternalRequests(page);
  const chat = createChatPage(page);
  const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
  await chat.ask(`# Title\n\n- **bold** ![dot](${dot})\n\n${hostile.join('\n\n')}`);
  expect(await chat.answers.getByRole('heading', { name: 'Title' }).count()).toBe(1);
  expect(await chat.answers.locator('li strong').innerText()).toBe('bold');
  const image = chat.answers.getByRole('img', { name: 'dot' });
  expect(await image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
  await triggerAll(page);
  await page.waitForLoadState('networkidle');
  expect(external).toEqual([]);
  expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
});

test('A link opens a new page without an opener or a referrer.', async () => {
  const { page, post } = await openWebview();
  await collectExternalRequests(page);
  await post(
    createStateMessage(createTurn('t1', '[the docs](https://docs.test/x) and [notes](notes.md)')),
  );
  const link = page.getByRole('link', { name: 'the docs' });
  expect(await link.getAttribute('title')).toBe('https://docs.test/x');
  const [opened] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await opened.waitForURL('https://docs.test/x');
  expect(await opened.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  expect(await page.getByRole('link', { name: 'notes' }).count()).toBe(0);
  await page.getByText('notes (notes.md)').waitFor();
});

test('While an answer streams, elements of settled text are kept.', async () => {
  const { page, post } = await openWebview();
  await post(createStateMessage(createTurn('t1', '', false)));
  const say = (text: string) =>
    post({ type: 'answered', turn: 't1', event: { type: 'text', text }, at: 1 });
  await say('# Title\n\n- one\n- tw');
  await page.locator('li').nth(1).waitFor();
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('h2, li')) element.id = 'kept';
  });
  await say('o **bo');
  await page.locator('li strong').waitFor();
  await say('ld**\n\nThe `end');
  await page.locator('p code').waitFor();
  expect(await page.locator('#kept').allInnerTexts()).toEqual(['Title', 'one', 'two bold']);
});

test('Paragraphs, lists and tables have the direction of their text.', async () => {
  const { page, post } = await openWebview();
  await post(
    createStateMessage(
      createTurn(
        't1',
        'English.\n\nمرحبا بالعالم\n\n- مرحبا\n\n```\ncode\n```\n\n| مرحبا |\n|--|\n| a |',
      ),
    ),
  );
  await page.locator('table').waitFor();
  const direction = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).direction);
  expect(await direction('.markdown p >> nth=0')).toBe('ltr');
  expect(await direction('.markdown p >> nth=1')).toBe('rtl');
  expect(await direction('.markdown ul')).toBe('rtl');
  expect(await direction('.markdown pre')).toBe('ltr');
  expect(await direction('.markdown .wide-table')).toBe('rtl');
  const right = (selector: string) =>
    page.locator(selector).evaluate((element) => element.getBoundingClientRect().right);
  expect(await right('.markdown .wide-table')).toBe(await right('.markdown'));
});
