import type { BrowserContextOptions } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { sights } from '../support/sights.ts';
import { faintWords, faults } from '../support/faults.ts';
import { cutWords } from './cutWords.ts';
import { showSight, useWebview, type Webview } from './webview.ts';

vi.setConfig({ testTimeout: 60_000 });

const openWebview = useWebview(useBrowser());

/** Looks at one sight after the other in a view that is new each time; gives what is wrong in each. */
async function wrongIn(
  appearance: BrowserContextOptions,
  look: (webview: Webview) => Promise<string[]>,
): Promise<Record<string, string[]>> {
  const webview = await openWebview(appearance);
  const wrong: Record<string, string[]> = {};
  for (const sight of sights) {
    await showSight(webview, sight);
    const found = await look(webview);
    if (found.length > 0) wrong[sight.name] = found;
  }
  return wrong;
}

test('axe finds no fault with anything that the chat can look like', async () => {
  expect(await wrongIn({ colorScheme: 'light' }, ({ page }) => faults(page))).toEqual({});
});

test.each<[string, BrowserContextOptions]>([
  ['dark', { colorScheme: 'dark' }],
  ['more contrast, light', { colorScheme: 'light', contrast: 'more' }],
  ['more contrast, dark', { colorScheme: 'dark', contrast: 'more' }],
])('all of it can be read in other colours: %s', async (_, appearance) => {
  expect(await wrongIn(appearance, ({ page }) => faintWords(page))).toEqual({});
});

test.each([
  ['in a side bar as narrow as it can be made', { width: 240, height: 700 }],
  ['in a window of 1280 by 1024 with a zoom of 400 %', { width: 320, height: 256 }],
])(
  'nothing is cut off or squeezed, and only what is wide by itself scrolls to the side: %s',
  async (_, viewport) => {
    const wrong = await wrongIn({ viewport }, async ({ page }) => {
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
      const wrong = await cutWords(page);
      if (size.excess > 0) wrong.push(`It is ${size.excess} px too wide`);
      // Less than a few lines cannot be read in.
      if (size.lowest < 90) wrong.push(`A panel or the transcript is ${size.lowest} px high`);
      return wrong;
    });
    expect(wrong).toEqual({});
  },
);
