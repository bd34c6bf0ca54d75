import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { usePart } from './parts.ts';
import { sharedServer } from './sharedServer.ts';

/** Opens an address in a window of its own. */
export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<Page>;

/**
 * Pages in the Chromium that all files share. A page that logs an error fails the test that opened
 * it, unless the page is not ours.
 */
export function useBrowser({ ours = true }: { ours?: boolean } = {}): OpenPage {
  let browser: Promise<Browser> | undefined;
  afterAll(async () => (await browser)?.close());

  async function connect(): Promise<Browser> {
    const { wsEndpoint } = await sharedServer('chromium');
    return chromium.connect(wsEndpoint);
  }

  return async (url, options) => {
    usePart('chromium');
    browser ??= connect();
    const context = await (await browser).newContext(options);
    const page = await context.newPage();
    let errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (entry) => {
      // A socket that cannot be opened is logged by the browser itself; the page says it, too.
      if (entry.type() === 'error' && !/WebSocket/.test(entry.text())) errors.push(entry.text());
    });
    onTestFinished(async ({ task }) => {
      // Of a failure where nobody can look, what stood on the page is the first thing one asks for.
      if (task.result?.state === 'fail') console.error(await visibleText(page));
      await context.close();
      if (ours) expect(errors).toEqual([]);
    });
    await page.goto(url);
    // Containers that come and go beside us change the machine's network, and Chromium then drops
    // what it is loading.
    while (errors.some((error) => error.includes('ERR_NETWORK_CHANGED'))) {
      errors = [];
      await page.goto(url);
    }
    return page;
  };
}

async function visibleText(page: Page): Promise<string> {
  const text = await page.locator('body').innerText({ timeout: 2_000 });
  return `The page when the test failed:\n${text.slice(0, 4_000)}`;
}
