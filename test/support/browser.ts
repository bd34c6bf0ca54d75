import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { usePart } from './parts.ts';
import { sharedServer } from './sharedServer.ts';

/** Opens a URL in a new browser context. */
export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<Page>;

/**
 * Opens pages in the Chromium that all test files share. A page that logs an error fails its test, unless `ours`
 * is false.
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
      // The browser logs a failed WebSocket by itself; the page shows that error, too.
      if (entry.type() === 'error' && !/WebSocket/.test(entry.text())) errors.push(entry.text());
    });
    onTestFinished(async ({ task }) => {
      // Print the page's text when a test fails, for example in CI.
      if (task.result?.state === 'fail') console.error(await visibleText(page));
      await context.close();
      if (ours) expect(errors).toEqual([]);
    });
    await page.goto(url);
    // Containers of other tests change the machine's network, which makes Chromium abort page loads.
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
