import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { chatOn, type ChatPage } from './chatPage.ts';
import { comparisonOn, type ComparisonPage } from './comparisonPage.ts';

/** A window of VS Code, as its user sees it. */
export interface Window {
  readonly page: Page;
  /** The extension's icon in the activity bar. */
  readonly icon: Locator;
  /** The chat in the side bar. */
  readonly chat: ChatPage;
  /** The frame that the chat is in, until it is another. */
  view(): Promise<Frame>;
  /** The chat in a tab. */
  readonly chatTab: ChatPage;
  /** The agents side by side, in a tab. */
  readonly comparison: ComparisonPage;
  /** Why one cannot send just now. */
  readonly notice: Locator;
  /** What stands in the side bar where there is no chat. */
  readonly welcome: Locator;
  /** The emulator's item in the status bar. */
  readonly status: Locator;
  /** Messages that came up. */
  readonly toast: Locator;
  /** The panel of what programs print, when it is open. */
  readonly output: Locator;
  /** What stands in that panel. */
  readonly printed: Locator;
  /** What one is asked to choose from. */
  readonly choices: Locator;
  /** Chooses a colour theme and waits until the chat wears it. */
  setTheme(theme: string): Promise<void>;
  /** Opens a file by its name. */
  open(file: string): Promise<void>;
  /** Runs a command of the palette by its title. */
  command(title: string): Promise<void>;
  /** The commands that the palette offers for what is typed. */
  listCommands(typed: string): Promise<string[]>;
  /** Takes a screenshot where they are asked for. */
  takeScreenshot(name: string): Promise<void>;
}

/** The folder for screenshots. None are taken where it is not set. */
const screenshots = process.env['WORKBENCH_SCREENSHOTS'];

/** The window on a page of VS Code. */
export async function openWindow(page: Page): Promise<Window> {
  const icon = page.locator('.activitybar a[aria-label^="AgentCore"]');
  await icon.waitFor();
  const webview = 'iframe.webview.ready[src*="extensionId=agentcore-workbench."]';
  const inSideBar = '[src*="purpose=webviewView"]';
  const inside = (selector: string) => page.frameLocator(selector).frameLocator('#active-frame');
  const frame = inside(webview + inSideBar);
  const tab = inside(`${webview}:not(${inSideBar})`);
  const palette = page.locator('.quick-input-widget');

  // The palette that was open before may be just closing, and takes this one along.
  async function untilDone(attempt: () => Promise<void>): Promise<void> {
    const done = () =>
      attempt().then(
        () => true,
        () => false,
      );
    await expect.poll(done, { timeout: 60_000 }).toBe(true);
  }

  async function summon(key: string, text: string): Promise<void> {
    await page.keyboard.press(key);
    await palette.locator('input').fill(text, { timeout: 2_000 });
  }

  const choose = (text: string) =>
    palette.locator('.monaco-list-row', { hasText: text }).first().click({ timeout: 5_000 });

  const command = (title: string) =>
    untilDone(async () => {
      await summon('F1', `>${title}`);
      await choose(title);
    });

  return {
    page,
    icon,
    chat: chatOn(frame),
    async view() {
      const root = await frame.locator('html').elementHandle();
      return (await root.ownerFrame())!;
    },
    chatTab: chatOn(tab),
    comparison: comparisonOn(tab),
    notice: frame.locator('.notice'),
    welcome: page.locator('.welcome-view-content'),
    status: page.locator('.statusbar-item[id$="agentcoreWorkbench.emulator"]'),
    toast: page.locator('.notification-toast'),
    output: page.getByRole('tab', { name: 'Output', selected: true }),
    printed: page.locator('.part.panel .view-lines'),
    choices: palette.locator('.monaco-list-row'),
    async open(file) {
      await untilDone(async () => {
        await summon('Control+P', file);
        await choose(file);
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
      await untilDone(() => summon('F1', `>${typed}`));
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
