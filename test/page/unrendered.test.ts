import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createStateMessage, createTurn } from './answers.ts';
import { useWebview } from './webview.ts';

// Rendering errors are logged, which would fail other tests.
const openWebview = useWebview(useBrowser({ ours: false }));

/** Opens a chat in a browser that cannot create elements with this tag. */
async function openWithout(tag: string) {
  const webview = await openWebview();
  await webview.page.evaluate((broken) => {
    document.createElementNS = new Proxy(document.createElementNS, {
      apply(make, target, call: [string, string]) {
        if (call[1] === broken) throw new RangeError(`cannot create ${broken}`);
        return Reflect.apply(make, target, call);
      },
    });
  }, tag);
  return webview;
}

test('Only the part of an answer that cannot be rendered is shown as source text.', async () => {
  const { page, post } = await openWithout('table');
  const turn = createTurn('t1', '');
  const parts = [
    { type: 'text', text: 'Before it.' },
    { type: 'data', json: '{}' },
    { type: 'text', text: '| a |\n| - |\n| b |' },
    { type: 'guardrail', text: 'After it.' },
  ] as const;
  await post(createStateMessage({ ...turn, parts }, createTurn('t2', 'The next answer.')));
  await page.getByText('Cannot render this part of the answer.').waitFor();
  expect(await page.locator('.remark + pre').innerText()).toBe('| a |\n| - |\n| b |');
  for (const text of ['Before it.', 'After it.', 'The next answer.']) {
    expect(await page.getByText(text).isVisible()).toBe(true);
  }
});

test('Only the turn that cannot be rendered is shown as source text.', async () => {
  const { page, post } = await openWithout('strong');
  const { state } = createStateMessage(
    { ...createTurn('t1', 'Its answer.'), opening: { why: 'forked' } },
    createTurn('t2', 'The next answer.'),
  );
  await post({ type: 'state', state });
  await page.getByText('Cannot render this turn.').waitFor();
  expect(await page.getByText('Its answer.').isVisible()).toBe(true);
  expect(await page.getByText('The next answer.').isVisible()).toBe(true);
  expect(await page.getByRole('textbox', { name: 'Message' }).isEnabled()).toBe(true);
});
