import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES: RunOptions = {
  rules: {
    // For speech input a control's visible text must be part of its name. The rule is off by default.
    'label-content-name-mismatch': { enabled: true },
    // An agent's answer may start with a heading of any level.
    'heading-order': { enabled: false },
  },
};

/** Returns axe's violations on a page or within a selector, with the affected elements. */
export async function findAccessibilityViolations(
  page: Page | Frame,
  within = 'html',
): Promise<string[]> {
  return runAxe(RULES, page, within);
}

/** Returns texts with insufficient color contrast. */
export async function findContrastViolations(page: Page | Frame): Promise<string[]> {
  return runAxe({ runOnly: ['color-contrast'] }, page, 'html');
}

async function runAxe(options: RunOptions, page: Page | Frame, within: string): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axe);
  const run = `axe.run('${within}', ${JSON.stringify(options)})`;
  const { violations } = await page.evaluate<AxeResults>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes
      // A listbox is scrolled with the keys of its textbox.
      .filter(({ html }) => id !== 'scrollable-region-focusable' || !/role="listbox"/.test(html))
      .map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
