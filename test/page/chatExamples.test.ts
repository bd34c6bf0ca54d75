import type { BrowserContextOptions } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import type { ChatExample } from '../support/chatExample.ts';
import { chatExamples } from '../support/chatExamples.ts';
import { findContrastViolations, findAccessibilityViolations } from '../support/accessibility.ts';
import { findClippedText } from './clippedText.ts';
import { showExample, useWebview, type Webview } from './webview.ts';

vi.setConfig({ testTimeout: 120_000 });

const openWebview = useWebview(useBrowser());

/** Problems by example. */
type Problems = Record<string, string[]>;

/** Shows each example in a new view and collects its problems. */
async function checkExamples(
  appearance: BrowserContextOptions,
  check: (webview: Webview, example: ChatExample) => Promise<string[]>,
): Promise<Problems> {
  const webview = await openWebview(appearance);
  const wrong: Problems = {};
  for (const example of chatExamples) {
    await showExample(webview, example);
    const found = await check(webview, example);
    if (found.length > 0) wrong[example.name] = found;
  }
  return wrong;
}

const LIGHT = { colorScheme: 'light', contrast: 'no-preference' } as const;

const OTHER_COLORS = {
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  'more contrast, light': { colorScheme: 'light', contrast: 'more' },
  'more contrast, dark': { colorScheme: 'dark', contrast: 'more' },
} as const;

let problems: Promise<Record<string, Problems>> | undefined;

/** Problems that axe finds by appearance. Each example is shown once for all appearances. */
async function findProblems(): Promise<Record<string, Problems>> {
  const others: Record<string, Problems> = {};
  const light = await checkExamples(LIGHT, async ({ page }, example) => {
    const found = await findAccessibilityViolations(page);
    for (const [name, appearance] of Object.entries(OTHER_COLORS)) {
      await page.emulateMedia(appearance);
      const faint = await findContrastViolations(page);
      if (faint.length > 0) (others[name] ??= {})[example.name] = faint;
    }
    await page.emulateMedia(LIGHT);
    return found;
  });
  return { ...others, light };
}

test('axe finds no accessibility problems in any state of the chat.', async () => {
  expect((await (problems ??= findProblems()))['light']).toEqual({});
});

test.each(Object.keys(OTHER_COLORS))(
  'Text has enough contrast in other colors: %s.',
  async (name) => {
    expect((await (problems ??= findProblems()))[name] ?? {}).toEqual({});
  },
);

test.each([
  ['in the narrowest side bar', { width: 240, height: 700 }],
  ['in a window of 1280 × 1024 at 400 % zoom', { width: 320, height: 256 }],
])(
  'Nothing is clipped or too small, and the page does not scroll sideways: %s.',
  async (_, viewport) => {
    const wrong = await checkExamples({ viewport }, async ({ page }) => {
      const size = await page.evaluate(() => {
        const page = document.documentElement;
        const main = document.querySelector('main')!;
        const parts = [...document.querySelectorAll<HTMLElement>('.panel, .transcript')];
        return {
          excess: Math.max(
            page.scrollWidth - page.clientWidth,
            main.scrollWidth - main.clientWidth,
          ),
          lowest: Math.min(...parts.map(({ offsetHeight }) => offsetHeight)),
        };
      });
      const wrong = await findClippedText(page);
      if (size.excess > 0) wrong.push(`It is ${size.excess} px too wide`);
      // A few lines must be visible.
      if (size.lowest < 90) wrong.push(`A panel or the transcript is ${size.lowest} px high`);
      return wrong;
    });
    expect(wrong).toEqual({});
  },
);
