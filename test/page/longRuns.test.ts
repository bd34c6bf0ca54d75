import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { useBrowser } from '../support/browser.ts';
import { exampleTool, exampleTurn, readyState } from '../support/chatState.ts';
import { useWebview } from './webview.ts';

const openWebview = useWebview(useBrowser());

/** Base64 text of this length. */
function base64(length: number): string {
  const bytes = Uint8Array.from({ length: (length / 4) * 3 }, (_, index) => index ** 2 % 251);
  return Buffer.from(bytes).toString('base64');
}

const short = base64(20_000);
const long = base64(1_000_000);

async function openTurn(turn: Partial<Turn>) {
  const { page, post } = await openWebview({ permissions: ['clipboard-read', 'clipboard-write'] });
  await post({
    type: 'state',
    state: {
      ...readyState,
      turns: [exampleTurn({ endedAt: 1, outcome: { type: 'completed' }, ...turn })],
    },
  });
  await page.getByRole('article', { name: 'You' }).waitFor();
  const copy = async (text: Locator) => {
    await text.evaluate((element) => getSelection()!.selectAllChildren(element));
    await page.keyboard.press('ControlOrMeta+C');
    return page.evaluate(() => navigator.clipboard.readText());
  };
  return { page, post, copy };
}

test('1 MB of base64 is folded, can be unfolded by keyboard, and is copied exactly in both states.', async () => {
  const text = `The image is ${long} and no more.`;
  const { page, copy } = await openTurn({ parts: [{ type: 'text', text }] });
  const paragraph = page.locator('.answer p').first();
  expect((await paragraph.boundingBox())!.height).toBeLessThan(400);
  expect(await copy(paragraph)).toBe(text);
  expect((await paragraph.boundingBox())!.height).toBeLessThan(400);

  await page.getByRole('button', { name: 'Show all (1 MB)' }).press('Enter');
  const whole = page.getByRole('group', { name: 'Long text' });
  expect((await whole.boundingBox())!.height).toBeLessThan(400);
  expect(await copy(paragraph)).toBe(text);
  await whole.press('End');
  await expect.poll(() => whole.evaluate((box) => box.scrollTop)).toBeGreaterThan(10_000);

  await page.getByRole('button', { name: 'Show less' }).press('Enter');
  await whole.waitFor({ state: 'detached' });
});

test('A match of the browser’s search unfolds a run.', async () => {
  const { page } = await openTurn({ parts: [{ type: 'text', text: short }] });
  // Browsers send this event to hidden text before they scroll to a match in it.
  await page.locator('.longRun > .rest').evaluate((rest) => {
    rest.dispatchEvent(new Event('beforematch', { bubbles: true }));
  });
  await page.getByRole('button', { name: 'Show less' }).waitFor();
  expect(await page.getByRole('group', { name: 'Long text' }).textContent()).toBe(short);
});

test.each<[where: string, turn: Partial<Turn>]>([
  ['a prompt', { prompt: short }],
  ['a payload', { prompt: `{"file":"${short}"}`, isPayload: true }],
  ['a heading', { parts: [{ type: 'text', text: `# ${short}` }] }],
  ['inline code', { parts: [{ type: 'text', text: `\`${short}\`` }] }],
  ['a table', { parts: [{ type: 'text', text: `|a|b|\n|-|-|\n|${short}|c|` }] }],
  ['a code block', { parts: [{ type: 'text', text: `\`\`\`json\n"${short}"\n\`\`\`` }] }],
  ['a link', { parts: [{ type: 'text', text: `[${short}](https://example.com/)` }] }],
  ['a link that cannot be followed', { parts: [{ type: 'text', text: `[a](x:${short})` }] }],
  ['JSON', { parts: [{ type: 'data', json: `{"file": "${short}"}` }] }],
  ['a guardrail’s text', { parts: [{ type: 'guardrail', text: short }] }],
  ['a failure', { outcome: { type: 'failed', failure: { name: 'Error', message: short } } }],
])('A long run is folded in %s.', async (_, turn) => {
  const { page } = await openTurn(turn);
  const button = page.getByRole('button', { name: 'Show all (20 kB)' });
  await button.click();
  // A button within a link would follow the link.
  expect(await page.locator('a button').count()).toBe(0);
  await page.getByRole('button', { name: 'Show less' }).click();
  await button.waitFor();
});

test('Long runs are folded in the arguments and the result of a tool.', async () => {
  const tool = exampleTool({
    input: `{"file":"${short}"}`,
    result: { text: short, failed: false },
  });
  const { page } = await openTurn({ parts: [tool] });
  await page.locator('.tool summary').click();
  expect(await page.getByRole('button', { name: 'Show all (20 kB)' }).count()).toBe(2);
});

test('A run stays open while it grows, and its size is announced at the end.', async () => {
  const { page, post } = await openWebview();
  await post({ type: 'state', state: readyState });
  await post({ type: 'asked', turn: 't1', prompt: 'encode', at: 0 });
  // What is there when the view opens is not announced.
  await page.getByText('encode').waitFor();
  const answer = (text: string) =>
    post({ type: 'answered', turn: 't1', event: { type: 'text', text }, at: 1 });
  await answer(short);
  await page.getByRole('button', { name: 'Show all (20 kB)' }).click();
  await answer(short);
  const whole = page.getByRole('group', { name: 'Long text' });
  await expect.poll(async () => (await whole.textContent())!.length).toBe(40_000);
  await post({ type: 'closed', turn: 't1', outcome: { type: 'completed' }, at: 2 });
  await expect.poll(() => page.locator('[aria-live=polite]').innerText()).toBe('(40 kB of text)');
});
