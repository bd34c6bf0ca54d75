import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import type { OpenPage } from '../support/browser.ts';
import type { ChatExample } from '../support/chatExample.ts';

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

/** The chat's bundle on a page that simulates a VS Code webview. */
export interface Webview {
  readonly page: Page;
  post(message: HostMessage): Promise<void>;
  posted(): Promise<ViewMessage[]>;
}

/** Opens the bundle as VS Code does: with the VS Code API for messages and state, and no server. */
export function useWebview(
  openPage: OpenPage,
): (options?: BrowserContextOptions) => Promise<Webview> {
  return async (options) => {
    const page = await openPage('about:blank', options);
    await page.route('https://webview.test/**', async (route) => {
      const name = basename(new URL(route.request().url()).pathname);
      if (name === '') {
        const body = `<!doctype html><html lang="en"><title>Chat</title>
        <link rel="stylesheet" href="style.css"><main id="chat"></main>
        <script type="module" src="chat.js"></script></html>`;
        return route.fulfill({ contentType: 'text/html', body });
      }
      const body = await readFile(`dist/webview/${name}`);
      return route.fulfill({ contentType: TYPES[extname(name)]!, body });
    });
    await page.addInitScript(() => {
      const messages: unknown[] = [];
      Object.assign(globalThis, {
        messages,
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => messages.push(message),
          // VS Code keeps the state outside of the view.
          getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
          setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
        }),
      });
    });
    await page.goto('https://webview.test/');
    return {
      page,
      post: (message) => page.evaluate((data) => window.postMessage(data, '*'), message),
      posted: () => page.evaluate<ViewMessage[]>('messages'),
    };
  };
}

/** Shows an example in a new view. */
export async function showExample(
  { page, post }: Webview,
  { messages, prepare: reach }: ChatExample,
): Promise<void> {
  // Remove the state of the previous example.
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
  // Stands in for the background that VS Code sets.
  await page.evaluate(() => {
    document.documentElement.style.colorScheme = 'light dark';
    document.body.classList.add('page');
  });
  for (const message of messages) await post(message);
  await page.locator('header').waitFor();
  await reach?.(page);
}
