import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createStateMessage, createTurn } from './answers.ts';
import { useWebview } from './webview.ts';

const openWebview = useWebview(useBrowser());
const CODE = 'const city = "Turin"; // here\nsay(city);';
const answer = createTurn('t1', `Look:\n\n\`\`\`js\n${CODE}\n\`\`\``);

test('Highlighted code is copied as plain text.', async () => {
  const { page, post } = await openWebview({ permissions: ['clipboard-read', 'clipboard-write'] });
  await post(createStateMessage(answer));
  const block = page.getByRole('figure', { name: 'Code: js' });
  expect(await block.locator('code').innerText()).toBe(CODE);
  const colors = await block
    .locator('code span')
    .evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
  expect(colors).toBeGreaterThan(2);
  await block.getByRole('button', { name: 'Copy code' }).click();
  await block.getByRole('status').getByText('Copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(CODE);
  expect(await block.getByRole('button').count()).toBe(1);
  await page.getByRole('button', { name: 'Copy answer' }).click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toBe(`Look:\n\n\`\`\`js\n${CODE}\n\`\`\``);
});

test('Code can be inserted or opened if there is an editor.', async () => {
  const { page, post, posted } = await openWebview();
  const { state } = createStateMessage(answer);
  await post({ type: 'state', state: { ...state, hasEditor: true } });
  await page.getByRole('button', { name: 'Insert at the cursor' }).click();
  await page.getByRole('button', { name: 'Open in an editor' }).click();
  expect((await posted()).slice(1)).toEqual([
    { type: 'insertCode', text: CODE },
    { type: 'openCode', text: CODE, language: 'js' },
  ]);
});

test('Streaming code is highlighted, and existing elements are kept.', async () => {
  const { page, post } = await openWebview();
  await post(createStateMessage(createTurn('t1', '', false)));
  const say = (text: string) =>
    post({ type: 'answered', turn: 't1', event: { type: 'text', text }, at: 1 });
  await say('```js\nconst a = 1;\nconst');
  await page
    .locator('.code-keyword')
    .first()
    .evaluate((span) => (span.id = 'kept'));
  await say(' b = 2;\n// end');
  await expect.poll(() => page.locator('.code-keyword').count()).toBe(2);
  await page.locator('.code-comment').waitFor();
  expect(await page.locator('#kept').innerText()).toBe('const');
});
