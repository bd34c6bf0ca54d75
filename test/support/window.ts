import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { createChatPage, type ChatPage } from './chatPage.ts';
import { createComparisonPage, type ComparisonPage } from './comparisonPage.ts';

/** A VS Code window: locators of its elements, and user actions. */
export interface Window {
  readonly page: Page;
  /** The extension's icon in the activity bar. */
  readonly icon: Locator;
  /** The chat in the side bar. */
  readonly chat: ChatPage;
  /** Returns the chat's current frame. VS Code replaces it when the view reloads. */
  view(): Promise<Frame>;
  /** The chat in an editor tab. */
  readonly chatTab: ChatPage;
  /** The comparison in an editor tab. */
  readonly comparison: ComparisonPage;
  /** The chat's notice about why sending is disabled. */
  readonly notice: Locator;
  /** The welcome view in the side bar. */
  readonly welcome: Locator;
  /** The emulator's item in the status bar. */
  readonly status: Locator;
  /** Notifications. */
  readonly toast: Locator;
  /** The tab of the output panel, while it is open. */
  readonly output: Locator;
  /** The text of the output panel. */
  readonly printed: Locator;
  /** Items of the quick pick. */
  readonly choices: Locator;
  /** Selects a color theme and waits until the chat uses it. */
  setTheme(theme: string): Promise<void>;
  /** Opens a file by name. */
  open(file: string): Promise<void>;
  /** Runs a command by its title. */
  command(title: string): Promise<void>;
  /** Lists the commands that the palette shows for a text. */
  listCommands(typed: string): Promise<string[]>;
  /** Takes a screenshot if WORKBENCH_SCREENSHOTS is set. */
  takeScreenshot(name: string): Promise<void>;
}

/** Folder for screenshots. No screenshots are taken when it is not set. */
const screenshots = process.env['WORKBENCH_SCREENSHOTS'];

/** Waits for the extension in a VS Code page and returns its window. */
export async function openWindow(page: Page): Promise<Window> {
  const icon = page.locator('.activitybar a[aria-label^="AgentCore"]');
  await icon.waitFor();
  const webview = 'iframe.webview.ready[src*="extensionId=agentcore-workbench."]';
  const inSideBar = '[src*="purpose=webviewView"]';
  const inside = (selector: string) => page.frameLocator(selector).frameLocator('#active-frame');
  const frame = inside(webview + inSideBar);
  const tab = inside(`${webview}:not(${inSideBar})`);
  const palette = page.locator('.quick-input-widget');

  // A palette that is still closing can close the new one, so the attempt is repeated.
  async function retry(attempt: () => Promise<void>): Promise<void> {
    const done = () =>
      attempt().then(
        () => true,
        () => false,
      );
    await expect.poll(done, { timeout: 60_000 }).toBe(true);
  }

  async function openPalette(key: string, text: string): Promise<void> {
    await page.keyboard.press(key);
    await palette.locator('input').fill(text, { timeout: 2_000 });
  }

  const selectItem = (text: string) =>
    palette.locator('.monaco-list-row', { hasText: text }).first().click({ timeout: 5_000 });

  const command = (title: string) =>
    retry(async () => {
      await openPalette('F1', `>${title}`);
      await selectItem(title);
    });

  return {
    page,
    icon,
    chat: createChatPage(frame),
    async view() {
      const root = await frame.locator('html').elementHandle();
      return (await root.ownerFrame())!;
    },
    chatTab: createChatPage(tab),
    comparison: createComparisonPage(tab),
    notice: frame.locator('.notice'),
    welcome: page.locator('.welcome-view-content'),
    status: page.locator('.statusbar-item[id$="agentcoreWorkbench.emulator"]'),
    toast: page.locator('.notification-toast'),
    output: page.getByRole('tab', { name: 'Output', selected: true }),
    printed: page.locator('.part.panel .view-lines'),
    choices: palette.locator('.monaco-list-row'),
    async open(file) {
      await retry(async () => {
        await openPalette('Control+P', file);
        await selectItem(file);
      });
      await page.locator('.editor-instance .view-line').first().waitFor();
    },
    command,
    async setTheme(theme) {
      await command('Preferences: Color Theme');
      await palette.locator('input[placeholder*="Color Theme"]').fill(theme);
      await palette.locator('.monaco-list-row', { hasText: theme }).first().click();
      await frame.locator(`body[data-vscode-theme-name="${theme}"]`).waitFor();
    },
    async listCommands(typed) {
      await retry(() => openPalette('F1', `>${typed}`));
      const rows = palette.locator('.monaco-list-row .label-name');
      await rows.first().waitFor();
      const titles = await rows.allInnerTexts();
      await page.keyboard.press('Escape');
      return titles;
    },
    async takeScreenshot(name) {
      if (!screenshots) return;
      await mkdir(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, `${name}.png`) });
    },
  };
}
