import { expect, test } from 'vitest';
import type { ChatState } from '../../../src/shared/chat/state.ts';
import type { RawMessage } from '../../../src/shared/chat/hostMessage.ts';
import { serverAgent, useAgent } from '../../support/agents.ts';
import { openView, useChat, type TestView } from '../../support/chat.ts';
import { eventually } from '../../support/eventually.ts';
import { useEmulator } from '../../support/emulator.ts';

const over = ({ turns }: ChatState) => turns.length > 0 && turns.at(-1)!.outcome !== null;

/** Sends as many events as the prompt says, or text without end. */
const agent = serverAgent(`
  if (url === '/invocations') {
    const { prompt } = JSON.parse(body);
    if (prompt === 'never') return;
    if (prompt === 'without end') {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = () => {
        while (response.writable && response.write('x'.repeat(65536)));
        response.once('drain', more);
      };
      return more();
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let id = 0; id < Number(prompt); id++) response.write('event: step\\ndata: {"id":' + id + '}\\n\\n');
    return response.end();
  }
`);

async function useTurns() {
  const chat = useChat(await useEmulator({ agents: [await useAgent(agent)] }));
  return {
    ...chat,
    async ask(prompt: string): Promise<string> {
      const before = chat.view.state()!.turns.length;
      chat.view.send({ type: 'send', prompt });
      const { turns } = await chat.view.until(
        (state) => state.turns.length > before && over(state),
      );
      return turns.at(-1)!.id;
    },
  };
}

/** Requests the raw answer of a turn for a view. */
function requestRaw(view: TestView, turn: string): RawMessage['raw'] {
  view.send({ type: 'showRaw', turn });
  const last = view.received.at(-1)!;
  if (last.type !== 'raw') throw new Error(`${last.type} is no answer to showRaw`);
  expect(last.turn).toBe(turn);
  return last.raw;
}

test('raw events are sent only to the view that requests them', async () => {
  const { host, view, ask } = await useTurns();
  const turn = await ask('2');
  const other = openView(host);
  other.send({ type: 'ready' });
  const raw = requestRaw(view, turn)!;
  expect(raw).toMatchObject({
    contentType: 'text/event-stream',
    first: [
      { name: 'step', data: '{"id":0}', bytes: 8 },
      { name: 'step', data: '{"id":1}', bytes: 8 },
    ],
    leftOut: 0,
    last: [],
    bytes: 16,
  });
  const { askedAt, endedAt } = view.state()!.turns[0]!;
  expect(raw.first[0]!.at).toBeGreaterThanOrEqual(askedAt);
  expect(raw.first[1]!.at).toBeLessThanOrEqual(endedAt!);
  expect(other.received.map(({ type }) => type)).toEqual(['state']);
});

test('the raw request has its identity headers and no credentials', async () => {
  const { view, ask } = await useTurns();
  view.send({ type: 'identify', actorId: 'alice', sessionId: 'a-session-of-thirty-three-letters' });
  const { request } = requestRaw(view, await ask('2'))!;
  expect(request).toMatchObject({ payload: '{"prompt": "2"}', bytes: 15 });
  expect(Object.fromEntries(request!.headers)).toEqual({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-amzn-bedrock-agentcore-runtime-session-id': 'a-session-of-thirty-three-letters',
    'x-amzn-bedrock-agentcore-runtime-user-id': 'alice',
  });
});

test('the raw request is available before the response', async () => {
  const { view } = await useTurns();
  view.send({ type: 'send', prompt: 'never' });
  const id = view.state()!.turns[0]!.id;
  await eventually(async () => {
    expect(requestRaw(view, id)).toMatchObject({
      request: { payload: '{"prompt": "never"}' },
      contentType: null,
      first: [],
    });
  });
});

test('the first and last of many events are kept', async () => {
  const { view, ask } = await useTurns();
  const raw = requestRaw(view, await ask('1000'))!;
  expect(raw.first.map(({ data }) => data).at(-1)).toBe('{"id":99}');
  expect(raw.leftOut).toBe(700);
  expect(raw.last.map(({ data }) => data).at(0)).toBe('{"id":800}');
  expect(raw.last.map(({ data }) => data).at(-1)).toBe('{"id":999}');
});

test('only the latest turns keep raw answers', async () => {
  const { view, ask } = await useTurns();
  const first = await ask('1');
  for (let turn = 0; turn < 10; turn += 1) await ask('1');
  expect(requestRaw(view, first)).toBeNull();
});

test('an endless answer can be stopped, and the next prompt is answered', async () => {
  const { view, ask } = await useTurns();
  view.send({ type: 'send', prompt: 'without end' });
  const { turns } = await view.until((state) =>
    state.turns.some(({ parts }) => parts[0]?.type === 'text' && parts[0].text.length === 1e6),
  );
  const { id } = turns[0]!;
  expect(requestRaw(view, id)).toMatchObject({ contentType: 'text/plain' });
  view.send({ type: 'stop', turn: id });
  expect(view.state()!.turns[0]!.outcome).toEqual({ type: 'canceled' });
  view.send({ type: 'newSession' });
  const next = await ask('1');
  expect(view.state()!.turns.find((turn) => turn.id === next)).toMatchObject({
    parts: [{ type: 'data' }],
    outcome: { type: 'completed' },
  });
});
