import type { BrowserContextOptions } from 'playwright-core';
import { expect, test } from 'vitest';
import type { AnswerEvent } from '../../src/shared/chat/answer.ts';
import { useBrowser } from '../support/browser.ts';
import { faults } from './faults.ts';
import { startingState, useWebview } from './webview.ts';

const openWebview = useWebview(useBrowser());

const events: [at: number, AnswerEvent][] = [
  [1420, { type: 'thinking', text: 'The user wants to divide. I have a tool for that.' }],
  [1500, { type: 'text', text: 'Let me see what the calculator says to that.' }],
  [1600, { type: 'tool', id: '1', name: 'divide' }],
  [1600, { type: 'toolInput', id: '1', json: '{"a":84,"b":7}' }],
  [3700, { type: 'toolResult', id: '1', result: { text: '12.0', failed: false } }],
  [3700, { type: 'tool', id: '2', name: 'look_up_in_the_knowledge_base' }],
  [3700, { type: 'toolInput', id: '2', json: '{"query":"what is 1 / 0?","limit":3}' }],
  [3900, { type: 'toolResult', id: '2', result: { text: 'division by zero', failed: true } }],
  [4000, { type: 'tool', id: '3', name: 'ask' }],
  [4100, { type: 'data', json: '{\n  "step": 3,\n  "of": 4\n}' }],
  [4100, { type: 'guardrail', text: 'A guardrail intervened.' }],
  [4200, { type: 'notice', text: 'The answer is longer: 99 million characters are not shown.' }],
  [4200, { type: 'text', text: 'It is **12**.' }],
  [4300, { type: 'usage', usage: { inputTokens: 1200, outputTokens: 34, costInDollars: 0.0123 } }],
];

const appearances: [name: string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['more contrast', { colorScheme: 'dark', contrast: 'more' }],
  ['forced colours', { colorScheme: 'dark', forcedColors: 'active' }],
];

test.each(appearances)('axe finds no fault with what agents do: %s', async (_name, appearance) => {
  const { page, post } = await openWebview(appearance);
  // The ground is VS Code's, which is not here.
  await page.evaluate(() => {
    document.documentElement.style.colorScheme = 'light dark';
    document.body.classList.add('page');
  });
  await post({ type: 'state', state: { ...startingState, connection: { state: 'ready' } } });
  await post({ type: 'asked', turn: 't1', prompt: 'Divide 84 by 7', at: 1000 });
  for (const [at, event] of events) await post({ type: 'answered', turn: 't1', event, at });
  expect(await faults(page)).toEqual([]);
  const failure = { name: 'ValueError', message: 'boom' };
  await post({ type: 'closed', turn: 't1', outcome: { type: 'failed', failure }, at: 5000 });
  for (const summary of await page.locator('.answer summary').all()) await summary.click();
  await page.getByRole('button', { name: 'Raw events' }).click();
  const event = { at: 1420, name: 'message', data: '{"type":"thinking"}', bytes: 19 };
  const raw = {
    contentType: 'text/event-stream',
    first: [event, event],
    leftOut: 3,
    last: [event],
  };
  await post({ type: 'raw', turn: 't1', raw: { ...raw, bytes: 57 } });
  await page.getByText('6 events').waitFor();
  expect(await faults(page)).toEqual([]);
});
