import { expect, test } from 'vitest';
import type { AnswerEvent } from '../../src/shared/chat/answer.ts';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { exampleTurn, readyState, startingState as state } from '../support/chatState.ts';
import { useWebview } from './webview.ts';

const openWebview = useWebview(useBrowser());

test('A webview reports that it is ready, and its actions reach the host.', async () => {
  const { page, post, posted } = await openWebview();
  expect(await posted()).toEqual([{ type: 'ready' }]);
  await post({ type: 'state', state: readyState });
  const chat = createChatPage(page);
  await chat.message.fill('hello');
  await chat.send.click();
  await post({ type: 'asked', turn: 't1', prompt: 'hello', at: 0 });
  await chat.stop.click();
  await post({ type: 'closed', turn: 't1', outcome: { type: 'canceled' }, at: 1 });
  // Actions of the whole chat are only in VS Code's title bar.
  expect(await chat.newConversation.count()).toBe(0);
  await post({ type: 'showConversations' });
  await page.getByRole('region', { name: 'Conversations' }).waitFor();
  expect(await posted()).toEqual([
    { type: 'ready' },
    { type: 'send', prompt: 'hello' },
    { type: 'stop', turn: 't1' },
  ]);
});

test('Tools, thinking, a guardrail and the metrics of an answer are shown.', async () => {
  const { page, post } = await openWebview();
  await post({ type: 'state', state: readyState });
  await post({ type: 'asked', turn: 't1', prompt: 'divide', at: 1000 });
  const events: [at: number, AnswerEvent][] = [
    [1420, { type: 'thinking', text: 'By what?' }],
    [1500, { type: 'tool', id: '1', name: 'divide' }],
    [1500, { type: 'toolInput', id: '1', json: '{"by":0}' }],
    [3600, { type: 'toolResult', id: '1', result: { text: '1.0', failed: true } }],
    [3600, { type: 'tool', id: '2', name: 'ask' }],
    [3700, { type: 'guardrail', text: 'A guardrail intervened.' }],
    [3700, { type: 'usage', usage: { inputTokens: 1200, outputTokens: 34 } }],
  ];
  for (const [at, event] of events) await post({ type: 'answered', turn: 't1', event, at });
  const tools = page.locator('.tool');
  expect(await tools.locator('summary').allInnerTexts()).toEqual([
    expect.stringMatching(/^divide\s+failed after 2\.1 s$/),
    expect.stringMatching(/^ask\s+running…$/),
  ]);
  await post({ type: 'closed', turn: 't1', outcome: { type: 'completed' }, at: 63_000 });
  await tools.first().locator('summary').click();
  expect(await tools.first().innerText()).toMatch(
    /Arguments\s+\{\s+"by": 0\s+\}\s+Failure\s+1\.0$/,
  );
  await tools.nth(1).locator('summary').click();
  await page.getByText('The agent did not report a result.').waitFor();
  await page.getByText('Thinking', { exact: true }).click();
  await page.getByText('By what?').waitFor();
  await page.locator('.guardrail', { hasText: 'A guardrail intervened.' }).waitFor();
  expect(await page.locator('.metrics').innerText()).toBe(
    '1 min 2 s · first word after 420 ms · 1,200 tokens in · 34 tokens out',
  );
});

test('Other fields of a JSON answer are collapsed below its text.', async () => {
  const { page, post } = await openWebview();
  const data = { type: 'data', json: '{ "result": "hi", "total": 3 }', leftOut: 1 } as const;
  const turn = exampleTurn({ parts: [{ type: 'text', text: 'hi' }, data] });
  await post({ type: 'state', state: { ...readyState, turns: [turn] } });
  const json = page.getByText(data.json);
  await page.getByText('hi', { exact: true }).waitFor();
  expect(await json.isVisible()).toBe(false);
  await page.getByText('+ 1 more field', { exact: true }).click();
  expect(await json.isVisible()).toBe(true);
});

test('A notice says that the agent’s task waits for a reply, until it stops waiting.', async () => {
  const { page, post } = await openWebview();
  await post({ type: 'state', state: readyState });
  await post({ type: 'asked', turn: 't1', prompt: 'book', at: 1000 });
  const postWaiting = async (task: { id: string; contextId: string } | null) =>
    post({ type: 'answered', turn: 't1', event: { type: 'waiting', task }, at: 1100 });
  const notice = page.getByText('The agent’s task is waiting for your reply.');
  await postWaiting({ id: 'task', contextId: 'context' });
  await notice.waitFor();
  await postWaiting(null);
  await notice.waitFor({ state: 'detached' });
  await postWaiting({ id: 'task', contextId: 'context' });
  await post({ type: 'closed', turn: 't1', outcome: { type: 'completed' }, at: 1200 });
  await notice.waitFor();
  expect(await page.getByText('The answer is empty.').count()).toBe(0);
});

test('The raw events of an answer are shown and updated.', async () => {
  const { page, post, posted } = await openWebview();
  await post({ type: 'state', state: readyState });
  await post({ type: 'asked', turn: 't1', prompt: 'hello', at: 1000 });
  await page.getByRole('button', { name: 'Raw events' }).click();
  const requestCount = async () => (await posted()).filter(({ type }) => type === 'showRaw').length;
  await expect.poll(requestCount).toBeGreaterThan(1);
  const event = { at: 1420, name: 'message', data: '<b>{"a":1}</b>', bytes: 1234 };
  const headers = [['content-type', 'application/json']] as const;
  const raw = {
    request: { headers, payload: '{"x":1}', bytes: 7, leftOut: 0 },
    contentType: 'text/event-stream',
    first: [event],
    leftOut: 3,
    last: [event],
  } as const;
  await post({ type: 'raw', turn: 't1', raw: { ...raw, bytes: 5_000_000 } });
  const shown = page.getByRole('region', { name: 'Raw events' });
  await shown.getByText('Sent · 7 B').waitFor();
  expect(await shown.getByLabel('Request').innerText()).toMatch(
    /^content-type: application\/json\s+\{"x":1\}$/,
  );
  await shown.getByText('text/event-stream · 5 events · 5 MB').waitFor();
  expect(await shown.locator('li').allInnerTexts()).toEqual([
    expect.stringMatching(/^\+420 ms\s+1\.2 kB\s+message <b>\{"a":1\}<\/b>$/),
    '3 events omitted',
    expect.stringMatching(/^\+420 ms/),
  ]);
  await post({ type: 'closed', turn: 't1', outcome: { type: 'completed' }, at: 2000 });
  const before = await requestCount();
  await expect.poll(requestCount).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Raw events' }).click();
  await expect.poll(() => shown.count()).toBe(0);
});

test('While the emulator starts, nothing is sent and the draft is kept.', async () => {
  const { page, post, posted } = await openWebview();
  await post({ type: 'state', state });
  await page.getByText('Starting the local AgentCore…').waitFor();
  const chat = createChatPage(page);
  await chat.message.fill('hello');
  await chat.message.press('Enter');
  expect(await chat.send.isDisabled()).toBe(true);
  await post({
    type: 'source',
    connection: { state: 'ready' },
    agents: state.agents,
    aws: null,
    awsUnavailable: null,
    tokenRequests: [],
    toolList: null,
  });
  await chat.send.click();
  expect(await posted()).toEqual([{ type: 'ready' }, { type: 'send', prompt: 'hello' }]);
});

test('A rejected prompt returns to the composer, before text typed since.', async () => {
  const { page, post } = await openWebview();
  await post({ type: 'state', state: { ...state, connection: { state: 'ready' } } });
  const { message } = createChatPage(page);
  await message.fill('first');
  await message.press('Enter');
  expect(await message.inputValue()).toBe('');
  await post({ type: 'unsent', prompt: 'first' });
  await expect.poll(() => message.inputValue()).toBe('first');
  await post({ type: 'unsent', prompt: 'before' });
  await expect.poll(() => message.inputValue()).toBe('before\nfirst');
});

test('An emulator that failed to start is shown with the reason and can be started again.', async () => {
  const { page, post, posted } = await openWebview();
  const why = 'port 9310 is taken by node (pid 7)\nits last line\nand one before';
  await post({ type: 'state', state: { ...state, connection: { state: 'gone', why } } });
  await page.getByText('port 9310 is taken by node').waitFor();
  expect(await page.locator('pre').innerText()).toBe('its last line\nand one before');
  expect(await page.locator('.notice [role=status]').innerText()).toBe(
    'The local AgentCore is not running.',
  );
  await page.getByRole('button', { name: 'Start the emulator' }).click();
  expect(await posted()).toEqual([{ type: 'ready' }, { type: 'reconnect' }]);
});

test('A webview that VS Code disposes and restores keeps its draft.', async () => {
  const { page, post } = await openWebview();
  await post({ type: 'state', state });
  await createChatPage(page).message.fill('half a thought');
  await page.reload();
  await post({ type: 'state', state });
  await expect.poll(() => createChatPage(page).message.inputValue()).toBe('half a thought');
});

test('A project without an agent explains how to add one.', async () => {
  const { page, post } = await openWebview();
  const none = { ...state, connection: { state: 'ready' }, agents: [], agent: null } as const;
  await post({ type: 'state', state: none });
  await page.getByRole('heading', { name: 'No agent yet' }).waitFor();
  const chat = createChatPage(page);
  await chat.message.fill('hello');
  expect(await chat.send.isDisabled()).toBe(true);
});
