import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { ChatState } from '../../../src/shared/chat/state.ts';
import type { Turn } from '../../../src/shared/chat/turn.ts';
import { answerText } from '../../../src/shared/chat/turn.ts';
import { useAgent } from '../../support/agents.ts';
import { scriptedAgent, openView, useChat, useFakeAgent } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';
import { exampleAgent } from '../../support/registry.ts';

const over = ({ turns }: ChatState) => turns.length > 0 && turns.at(-1)!.outcome !== null;
const saysOnAnd = ({ turns }: ChatState) =>
  turns.length > 0 && answerText(turns.at(-1)!) === 'on and ';
const lastTurn = ({ turns }: ChatState): Turn => turns.at(-1)!;

async function useScriptedChat() {
  const emulator = await useEmulator({ agents: [await useAgent(scriptedAgent)] });
  return { emulator, ...useChat(emulator) };
}

test('a turn receives its answer in pieces and ends once', async () => {
  const { view, host } = await useScriptedChat();
  view.send({ type: 'send', prompt: 'one two three' });
  const turn = lastTurn(await view.until(over));
  expect(turn).toMatchObject({
    prompt: 'one two three',
    parts: [{ type: 'text', text: 'one two three' }],
    outcome: { type: 'completed' },
  });
  const steps = view.received
    .map(({ type }) => type)
    .filter((type) => !['machine', 'kept'].includes(type));
  // Consecutive parts of an answer count as one step.
  const once = steps.filter((type, index) => type !== 'answered' || type !== steps[index - 1]);
  expect(once).toEqual(['state', 'asked', 'answered', 'closed']);
  expect(view.state()).toEqual(host.state());
});

test('all turns of a conversation share a session; a new conversation has another', async () => {
  const { emulator, view } = await useScriptedChat();
  const ask = async (prompt: string, turns: number) => {
    view.send({ type: 'send', prompt });
    return view.until((state) => state.turns.length === turns && over(state));
  };
  await ask('a', 1);
  const { sessionId: first } = await ask('b', 2);
  view.send({ type: 'newConversation' });
  expect(view.state()).toMatchObject({ turns: [] });
  const { sessionId: second } = await ask('c', 1);
  expect((await emulator.sessions()).map((session) => session.sessionId)).toEqual([first, second]);
});

test('a failure in the stream fails the turn and keeps the answer so far', async () => {
  const { view } = await useScriptedChat();
  view.send({ type: 'send', prompt: 'fail' });
  expect(lastTurn(await view.until(over))).toMatchObject({
    parts: [{ type: 'text', text: 'fail' }],
    outcome: { type: 'failed', failure: { name: 'ValueError', message: 'boom' } },
  });
});

test('a refused invocation fails the turn with AWS’s error name and the agent’s message', async () => {
  const { view } = await useScriptedChat();
  view.send({ type: 'send', prompt: 'refuse' });
  expect(lastTurn(await view.until(over))).toMatchObject({
    parts: [],
    outcome: {
      type: 'failed',
      failure: {
        name: 'RuntimeClientError',
        message: expect.stringContaining('I would rather not'),
      },
    },
  });
});

test.each([
  ['{"error":"I would rather not"}', 'I would rather not'],
  ['{"detail":{"message":"a\\nb"}}', 'a\nb'],
  [
    '{"error":"KeyError","trace":"Traceback:\\n  File x","code":7}',
    '\nerror: KeyError\ntrace: Traceback:\n  File x\ncode: 7',
  ],
  ['{"detail":[{"loc":["body"]}]}', JSON.stringify([{ loc: ['body'] }], null, 2)],
  ['{}', '{}'],
  ['{"cut', '{"cut'],
  ['no: JSON {here}', 'no: JSON {here}'],
])('the message in a refusal’s body is shown: %j', async (body, words) => {
  const { view } = await useScriptedChat();
  view.send({ type: 'send', prompt: `refuse ${body}` });
  const { outcome } = lastTurn(await view.until(over));
  expect(outcome).toMatchObject({
    failure: {
      message: `Received error (500) from runtime. Please check your CloudWatch logs for more information. The agent returned: ${words}`,
    },
  });
});

test('an interrupted answer fails the turn with the reason', async () => {
  const { view } = await useScriptedChat();
  view.send({ type: 'send', prompt: 'break off' });
  expect(lastTurn(await view.until(over))).toMatchObject({
    parts: [{ type: 'text', text: 'and then ' }],
    outcome: {
      type: 'failed',
      failure: {
        name: 'BrokenAnswer',
        message: expect.stringMatching(/^The connection closed before the answer ended/),
      },
    },
  });
});

test('an unreachable host name fails the turn with each address’s error', async () => {
  const { view } = useFakeAgent(async () => {
    throw new AggregateError([new Error('connect ECONNREFUSED ::1'), new Error('… 127.0.0.1')], '');
  });
  view.send({ type: 'send', prompt: 'hello' });
  expect(lastTurn(await view.until(over)).outcome).toEqual({
    type: 'failed',
    failure: { name: 'AggregateError', message: 'connect ECONNREFUSED ::1; … 127.0.0.1' },
  });
});

test('a stopped emulator fails the turn with the reason', async () => {
  const { emulator, view } = await useScriptedChat();
  await emulator.close();
  view.send({ type: 'send', prompt: 'hello' });
  expect(lastTurn(await view.until(over)).outcome).toMatchObject({
    type: 'failed',
    failure: { message: expect.stringContaining('ECONNREFUSED') },
  });
});

test('stopping cancels the turn and aborts the request', async () => {
  const { emulator, view } = await useScriptedChat();
  view.send({ type: 'send', prompt: 'go on' });
  const { turns, sessionId } = await view.until((state) => saysOnAnd(state));
  view.send({ type: 'stop', turn: turns[0]!.id });
  expect(lastTurn(view.state()!)).toMatchObject({
    parts: [{ type: 'text', text: 'on and ' }],
    outcome: { type: 'canceled' },
  });
  await eventually(async () => {
    expect(await emulator.timeline(sessionId)).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/^The caller .* disconnected/) }),
    );
  });
  expect(view.received.filter(({ type }) => type === 'closed')).toHaveLength(1);
});

test('stopping before the answer starts is not a failure', async () => {
  const { view } = await useScriptedChat();
  view.send({ type: 'send', prompt: 'think' });
  view.send({ type: 'stop', turn: lastTurn(view.state()!).id });
  view.send({ type: 'send', prompt: 'next' });
  const { turns } = await view.until((state) => state.turns.length === 2 && over(state));
  expect(turns.map(({ outcome }) => outcome?.type)).toEqual(['canceled', 'completed']);
});

test('only one turn runs; another view gets its prompt back with the reason', async () => {
  const { host, view } = await useScriptedChat();
  const other = openView(host);
  other.send({ type: 'ready' });
  view.send({ type: 'send', prompt: 'go on' });
  other.send({ type: 'send', prompt: 'at once' });
  other.send({ type: 'retry', turn: view.state()!.turns[0]!.id, prompt: 'in other words' });
  expect(view.state()!.turns.map(({ prompt }) => prompt)).toEqual(['go on']);
  expect(other.received.filter(({ type }) => type === 'unsent')).toEqual([
    { type: 'unsent', prompt: 'at once' },
    { type: 'unsent', prompt: 'in other words' },
  ]);
  expect(view.received.filter(({ type }) => type === 'unsent')).toEqual([]);
  const { problem } = await view.until((state) => /other words/.test(state.problem ?? ''));
  expect(problem).toBe(
    '“in other words” was not sent: another answer is still running in this conversation',
  );
});

test('a view gets the whole state when it is ready and nothing before', async () => {
  const { host, view } = await useScriptedChat();
  const late = openView(host);
  view.send({ type: 'send', prompt: 'hello' });
  await view.until(over);
  expect(late.received).toEqual([]);
  late.send({ type: 'ready' });
  expect(late.received).toEqual([{ type: 'state', state: host.state() }]);
  expect(late.state()).toEqual(view.state());
});

test('views may open and close during an answer without affecting it', async () => {
  const { host, view } = await useScriptedChat();
  view.send({ type: 'send', prompt: 'go on' });
  await view.until((state) => saysOnAnd(state));
  view.close();
  const other = openView(host);
  other.send({ type: 'ready' });
  const { turns } = other.state()!;
  expect(turns).toMatchObject([{ parts: [{ type: 'text', text: 'on and ' }], outcome: null }]);
  other.send({ type: 'stop', turn: turns[0]!.id });
  expect(lastTurn(other.state()!).outcome).toEqual({ type: 'canceled' });
  expect(lastTurn(view.state()!).outcome).toBeNull();
});

const other = exampleAgent('Other');

test('the chosen agent stays during a restart of the emulator; without it another one is chosen', async () => {
  const { agent, view, registry } = await useScriptedChat();
  const { sessionId } = view.state()!;
  registry.set({ connection: { state: 'gone', why: 'it crashed' } });
  registry.set({ connection: { state: 'starting' }, agents: [] });
  expect(view.state()).toMatchObject({
    agent,
    sessionId,
    connection: { state: 'starting' },
  });
  registry.set({
    connection: { state: 'ready' },
    agents: [other],
  });
  expect(view.state()).toMatchObject({ agent: other.id, connection: { state: 'ready' } });
  expect(view.state()!.sessionId).not.toBe(sessionId);
});

test('choosing an agent starts a session; an unlisted agent is not chosen', async () => {
  const { view, registry } = await useScriptedChat();
  registry.set({ agents: [...view.state()!.agents, other] });
  const { sessionId } = view.state()!;
  view.send({ type: 'chooseAgent', agent: 'unknown' });
  expect(view.state()!.sessionId).toBe(sessionId);
  view.send({ type: 'chooseAgent', agent: other.id });
  expect(view.state()).toMatchObject({ agent: other.id, turns: [] });
  expect(view.state()!.sessionId).not.toBe(sessionId);
});

test.each([[null], [{ type: 'launch' }], [{ type: 'send', prompt: '' }], [{ type: 'stop' }]])(
  'the invalid message %j is refused',
  async (message) => {
    const { host } = await useScriptedChat();
    const { receive } = host.connect(() => {});
    expect(() => receive(message)).toThrow('Invalid chat message');
  },
);
