import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createInMemoryConversations } from '../../../../src/core/chat/conversations/inMemoryConversations.ts';
import { answerText } from '../../../../src/shared/chat/turn.ts';
import type { ChatState } from '../../../../src/shared/chat/state.ts';
import { useAgent } from '../../../support/agents.ts';
import { scriptedAgent, openView, useChat } from '../../../support/chat.ts';
import { eventually } from '../../../support/eventually.ts';
import { useEmulator } from '../../../support/emulator.ts';
import { exampleAgent } from '../../../support/registry.ts';
import { useLocalChat } from '../../../support/localChat.ts';

const over = ({ turns }: ChatState) => turns.length > 0 && turns.at(-1)!.outcome !== null;

async function useScriptedChat() {
  const emulator = await useEmulator({ agents: [await useAgent(scriptedAgent)] });
  const conversations = createInMemoryConversations();
  const chat = useChat(emulator, { conversations });
  const ask = async (prompt: string) => {
    const turns = chat.view.state()!.turns.length + 1;
    chat.view.send({ type: 'send', prompt });
    return chat.view.until((state) => state.turns.length === turns && over(state));
  };
  return { emulator, conversations, ...chat, ask };
}

const prompts = ({ turns }: ChatState) => turns.map(({ prompt }) => prompt);

test('a conversation is listed from its first prompt, which becomes its title', async () => {
  const { view, ask } = await useScriptedChat();
  expect(view.state()!.conversations).toEqual([]);
  const { conversation, agents } = await ask('  how \n are you? ');
  expect(view.state()!.conversations).toMatchObject([
    { id: conversation, title: 'how are you?', agentName: agents[0]!.name },
  ]);
  view.send({ type: 'newConversation' });
  expect(view.state()!.conversations).toHaveLength(1);
  const { conversations } = await ask('x'.repeat(200));
  expect(conversations.at(-1)!.title).toBe(`${'x'.repeat(79)}…`);
});

test('a reopened conversation continues in its session', async () => {
  const { view, ask, emulator } = await useScriptedChat();
  const first = await ask('one');
  view.send({ type: 'newConversation' });
  const second = await ask('two');
  expect(second.sessionId).not.toBe(first.sessionId);
  view.send({ type: 'openConversation', conversation: first.conversation });
  const opened = await view.until(({ conversation }) => conversation === first.conversation);
  expect(opened).toMatchObject({ sessionId: first.sessionId, opening: null });
  expect(prompts(opened)).toEqual(['one']);
  expect(prompts(await ask('three'))).toEqual(['one', 'three']);
  expect((await emulator.sessions()).map(({ run }) => run)).toEqual([1, 1]);
  view.send({ type: 'openConversation', conversation: 'unknown' });
  expect(view.state()!.conversation).toBe(first.conversation);
});

test('a new chat opens the latest conversation and continues its run', async () => {
  const { host, ask, conversations, emulator } = await useScriptedChat();
  await ask('one');
  const before = host.state();
  await host.dispose();
  const [head] = conversations.heads();
  const latest = { head: head!, turns: await conversations.turns(head!.id) };
  const { view } = useChat(emulator, { conversations, latest });
  const after = await view.until(({ session }) => session.state === 'idle');
  expect(after).toEqual({ ...before, session: expect.anything() });
  expect(after.opening).toBeNull();

  await emulator.admin('/clock', { advanceSeconds: 900 });
  await view.until(({ opening }) => opening?.why === 'idle-timeout');
});

test('a conversation continues in a new session and marks where it begins', async () => {
  const { view, ask } = await useScriptedChat();
  const { sessionId, conversation } = await ask('one');
  view.send({ type: 'newSession' });
  expect(view.state()).toMatchObject({ conversation, opening: { why: 'new-session' } });
  const { turns, sessionId: second } = await ask('two');
  expect(second).not.toBe(sessionId);
  expect(turns.map(({ opening }) => opening?.why)).toEqual([undefined, 'new-session']);
});

test('a prompt is sent with the chosen actor and session', async () => {
  const arn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/Demo_Helper-0123456789';
  const endpoints = [{ name: 'DEFAULT', version: '1' }];
  const names = { runtimeId: 'Demo_Helper-0123456789', arn, name: 'Helper' };
  const version = { protocol: 'HTTP', language: 'node', endpoints, status: 'READY', warm: 0 };
  const agents = [{ ...names, ...version }];
  const server = createServer(({ url, headers }, response) => {
    const header = (name: string) => String(headers[`x-amzn-bedrock-agentcore-runtime-${name}`]);
    response.setHeader('content-type', 'application/json');
    const isQuestion = url!.includes('/invocations');
    const answer = isQuestion ? `${header('user-id')} in ${header('session-id')}` : { agents };
    response.end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { view, ask: say } = await useLocalChat(`http://127.0.0.1:${port}`);
  const ask = async (identity: { actorId: string | null; sessionId: string }) => {
    view.send({ type: 'identify', ...identity });
    return answerText(await say('who am I?'));
  };
  const sessionId = 'my-own-session-of-thirty-three-letters';
  expect(await ask({ actorId: 'alice', sessionId })).toBe(`alice in ${sessionId}`);
  expect(await ask({ actorId: null, sessionId })).toBe(`undefined in ${sessionId}`);
});

test.each([
  [{ actorId: null, sessionId: 'too-short' }, /33 to 256 characters. This one has 9/],
  [{ actorId: '', sessionId: 'x'.repeat(33) }, /1 to 1024 characters. This one has 0/],
  [{ actorId: 'ü', sessionId: 'x'.repeat(33) }, /ASCII letters, digits and symbols/],
])('an identity that no header can carry, as %j, is refused', async (identity, why) => {
  const { host } = await useScriptedChat();
  const view = openView(host);
  expect(() => view.send({ type: 'identify', ...identity })).toThrow(why);
});

test('a fork copies the turns so far into a new session', async () => {
  const { view, ask, conversations } = await useScriptedChat();
  await ask('one');
  const origin = await ask('two');
  await ask('three');
  view.send({ type: 'fork', turn: origin.turns[1]!.id });
  const fork = view.state()!;
  expect(prompts(fork)).toEqual(['one', 'two']);
  expect(fork.opening).toEqual({ why: 'forked' });
  expect(fork.sessionId).not.toBe(origin.sessionId);
  expect((await ask('else')).turns.at(-1)!.opening).toEqual({ why: 'forked' });
  expect(view.state()!.conversations.map(({ title }) => title)).toEqual(['one', 'Fork of one']);
  expect(await conversations.turns(origin.conversation)).toHaveLength(3);
  expect(await conversations.turns(fork.conversation)).toHaveLength(3);
});

test('a failed turn is retried in the same session', async () => {
  const { view, ask } = await useScriptedChat();
  const { turns, sessionId } = await ask('fail');
  view.send({ type: 'retry', turn: turns[0]!.id });
  const after = await view.until((state) => state.turns.length === 2 && over(state));
  expect(prompts(after)).toEqual(['fail', 'fail']);
  expect(after.sessionId).toBe(sessionId);
});

test('a conversation can be renamed, removed and restored', async () => {
  const { view, ask } = await useScriptedChat();
  const { conversation } = await ask('one');
  view.send({ type: 'rename', conversation, title: ' My  talk ' });
  expect(view.state()!.conversations).toMatchObject([{ title: 'My talk' }]);
  view.send({ type: 'rename', conversation, title: '  ' });
  expect(view.state()!.conversations).toMatchObject([{ title: 'My talk' }]);
  await ask('two');
  view.send({ type: 'remove', conversation });
  expect(view.state()).toMatchObject({ turns: [], conversations: [] });
  expect(view.state()!.conversation).not.toBe(conversation);
  view.send({ type: 'restore' });
  view.send({ type: 'openConversation', conversation });
  const { conversations, turns } = await view.until(({ turns }) => turns.length === 2);
  expect(turns).toHaveLength(2);
  expect(conversations).toMatchObject([{ title: 'My talk' }]);
});

test('restoring the open conversation opens it again', async () => {
  const { view, ask } = await useScriptedChat();
  const { conversation } = await ask('one');
  view.send({ type: 'remove', conversation });
  expect(prompts(view.state()!)).toEqual([]);
  view.send({ type: 'restore' });
  expect(prompts(await view.until((state) => state.conversation === conversation))).toEqual([
    'one',
  ]);

  // A conversation that was started meanwhile stays open.
  view.send({ type: 'remove', conversation });
  const next = await ask('two');
  view.send({ type: 'restore' });
  expect(view.state()!.conversation).toBe(next.conversation);
  expect(view.state()!.conversations).toHaveLength(2);
});

test('turns stay visible after their agent is gone, and nothing is sent', async () => {
  const { view, ask, registry } = await useScriptedChat();
  await ask('one');
  const other = exampleAgent('Other');
  registry.set({ agents: [other] });
  view.send({ type: 'send', prompt: 'two' });
  expect(prompts(view.state()!)).toEqual(['one']);
  view.send({ type: 'newConversation' });
  expect(view.state()).toMatchObject({ agent: other.id, turns: [] });
});

test('conversations are found by prompts and answers', async () => {
  const { view, ask } = await useScriptedChat();
  const { conversation: first } = await ask('apples and');
  await ask('PEARS');
  view.send({ type: 'newConversation' });
  const { conversation: second } = await ask('apples alone');
  const find = async (words: string) => {
    const before = view.received.length;
    view.send({ type: 'search', words });
    let found;
    await eventually(async () => {
      found = view.received.slice(before).find(({ type }) => type === 'found');
      expect(found).toBeDefined();
    });
    return found;
  };
  const type = 'found';
  expect(await find('pears Apples')).toEqual({
    type,
    words: 'pears Apples',
    findings: [{ conversation: first, excerpt: 'apples and' }],
  });
  expect(await find('apples')).toMatchObject({
    findings: [{ conversation: second }, { conversation: first }],
  });
  expect(await find('plums')).toMatchObject({ findings: [] });
});
