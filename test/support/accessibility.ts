import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES: RunOptions = {
  rules: {
    // What is seen of a control must be part of its name, for whoever speaks to it. By default it is not asked.
    'label-content-name-mismatch': { enabled: true },
    // An agent begins with the heading that it likes.
    'heading-order': { enabled: false },
  },
};

/** What axe finds fault with on a page or in a part of it, each with the places. */
export async function findAccessibilityViolations(
  page: Page | Frame,
  within = 'html',
): Promise<string[]> {
  return runAxe(RULES, page, within);
}

/** Where axe finds words hard to read in the colours that they have. */
export async function findContrastViolations(page: Page | Frame): Promise<string[]> {
  return runAxe({ runOnly: ['color-contrast'] }, page, 'html');
}

async function runAxe(options: RunOptions, page: Page | Frame, within: string): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axe);
  const run = `axe.run('${within}', ${JSON.stringify(options)})`;
  const { violations } = await page.evaluate<AxeResults>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes
      // The keys of the textbox that it belongs to go through it.
      .filter(({ html }) => id !== 'scrollable-region-focusable' || !/role="listbox"/.test(html))
      .map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
