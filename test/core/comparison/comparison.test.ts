import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { CreateAgentRuntimeEndpointCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { openChatStorage } from '../../../src/core/chat/conversations/chatStorage.ts';
import { createChats } from '../../../src/core/comparison/chats.ts';
import { applyChange } from '../../../src/shared/chat/applyChange.ts';
import type { PerLane, ComparisonHostMessage, Round } from '../../../src/shared/chat/comparison.ts';
import type { ComparisonViewMessage } from '../../../src/shared/schemas/comparisonMessage.ts';
import type { ChatState } from '../../../src/shared/chat/state.ts';
import { useAgent } from '../../support/agents.ts';
import { scriptedAgent, openView } from '../../support/chat.ts';
import { useControlPlane } from '../../support/controlPlane.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useEmulatorAgents } from '../../support/localChat.ts';

const silent = { warn() {} };

/** The state of a comparison's view. */
interface Shown extends PerLane<ChatState> {
  readonly rounds: readonly Round[];
}

/** Creates the chats of an emulator whose scripted agent has two endpoints. */
async function useChats() {
  const emulator = await useEmulator({ agents: [await useAgent(scriptedAgent)] });
  const { runtimeId: agentRuntimeId } = emulator.agent;
  await useControlPlane(emulator).send(
    new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }),
  );
  const registry = await useEmulatorAgents(emulator.url);
  const chats = createChats({
    registry,
    storage: await openChatStorage({ path: null, logger: silent }),
    now: Date.now,
    logger: { error: (message) => expect.fail(message) },
    editor: null,
    newId: randomUUID,
  });
  onTestFinished(chats.dispose);
  const chat = openView(chats.chat);
  chat.send({ type: 'ready' });
  const open = () => openComparison(chats.comparison);
  return { chat, open, ids: registry.agents().map(({ id }) => id) };
}

function openComparison(comparison: ReturnType<typeof createChats>['comparison']) {
  const lanes: { left: ChatState | null; right: ChatState | null } = { left: null, right: null };
  let rounds: readonly Round[] = [];
  const received: ComparisonHostMessage[] = [];
  const waiting = new Set<() => void>();
  const view = comparison.connect((message) => {
    received.push(message);
    if (message.type === 'rounds') ({ rounds } = message);
    else if (message.message.type === 'state') lanes[message.lane] = message.message.state;
    else if (message.message.type !== 'unsent') {
      lanes[message.lane] = applyChange(lanes[message.lane]!, message.message as never);
    }
    for (const check of waiting) check();
  });
  const send = (message: ComparisonViewMessage) => view.receive(message);
  send({ type: 'ready' });
  const until = (wanted: (shown: Shown) => boolean): Promise<Shown> =>
    new Promise((resolve) => {
      const check = () => {
        const { left, right } = lanes;
        if (!left || !right || !wanted({ left, right, rounds })) return;
        waiting.delete(check);
        resolve({ left, right, rounds });
      };
      waiting.add(check);
      check();
    });
  return {
    send,
    received,
    until,
    close: view.dispose,
    async ask(prompt: string): Promise<Shown> {
      const { rounds: before } = await until(() => true);
      send({ type: 'send', prompt });
      return until(
        ({ left, right, rounds: now }) =>
          now.length > before.length &&
          readLastOutcome(left) !== null &&
          readLastOutcome(right) !== null,
      );
    },
  };
}

function readLastOutcome({ turns }: ChatState) {
  return turns.at(-1)?.outcome ?? null;
}

test('one prompt goes to two endpoints at once, each in its own session', async () => {
  const { open, ids } = await useChats();
  const { ask, received } = open();
  const { left, right, rounds } = await ask('Hello you');
  expect([left.agent, right.agent]).toEqual(ids);
  expect(left.sessionId).not.toBe(right.sessionId);
  for (const { turns } of [left, right]) {
    expect(turns).toMatchObject([
      { prompt: 'Hello you', parts: [{ text: 'Hello you' }], outcome: { type: 'completed' } },
    ]);
  }
  expect(rounds).toEqual([{ left: left.turns[0]!.id, right: right.turns[0]!.id }]);
  // A view gets a round before the turns in it.
  const isAsked = (at: ComparisonHostMessage) => at.type === 'lane' && at.message.type === 'asked';
  const lastRounds = received.findLastIndex(({ type }) => type === 'rounds');
  expect(received.findIndex(isAsked)).toBeGreaterThan(lastRounds);
});

test('a failure in one lane does not affect the other, and can be retried', async () => {
  const { open } = await useChats();
  const { until, send, received } = open();
  await until(() => true);
  send({ type: 'send', prompt: 'think' });
  const { right } = await until((shown) => shown.rounds.length === 1);
  send({ type: 'lane', lane: 'right', message: { type: 'stop', turn: right.turns[0]!.id } });
  const shown = await until((now) => readLastOutcome(now.right) !== null);
  expect(readLastOutcome(shown.left)).toBeNull();
  // While one lane answers, prompts are rejected.
  send({ type: 'send', prompt: 'too soon' });
  expect(received.at(-1)).toMatchObject({ message: { type: 'unsent', prompt: 'too soon' } });
  send({ type: 'lane', lane: 'right', message: { type: 'retry', turn: right.turns[0]!.id } });
  await until((now) => now.right.turns.length === 2);
  send({ type: 'stopBoth' });
  const after = await until(
    ({ left, right: now }) => readLastOutcome(left) !== null && readLastOutcome(now) !== null,
  );
  expect([after.left.turns.length, after.right.turns.length, after.rounds.length]).toEqual([
    1, 2, 1,
  ]);
});

test('choosing another target starts both lanes anew', async () => {
  const { open, ids } = await useChats();
  const { ask, send, until } = open();
  await ask('Hello');
  send({ type: 'choose', lane: 'right', agent: ids[0]! });
  const shown = await until(({ right }) => right.agent === ids[0]);
  expect([shown.left.turns, shown.right.turns, shown.rounds]).toEqual([[], [], []]);
  expect((await ask('Again')).rounds.length).toBe(1);
});

test('compared conversations are listed after the comparison closes, and never open twice', async () => {
  const { chat, open } = await useChats();
  const first = open();
  const { left, right } = await first.ask('Hello');
  expect(chat.state()!.conversations).toEqual([]);
  first.close();
  const { conversations } = await chat.until((state) => state.conversations.length === 2);
  expect(conversations.map(({ id }) => id).toSorted()).toEqual(
    [left.conversation, right.conversation].toSorted(),
  );
  expect(conversations.map(({ agentName }) => agentName).toSorted()).toEqual([
    'Agent',
    'Agent · prod',
  ]);

  const again = open();
  const shown = await again.until(({ rounds }) => rounds.length === 1);
  expect(shown.left.turns).toEqual(left.turns);
  await chat.until((state) => state.conversations.length === 0);
  again.close();

  await chat.until((state) => state.conversations.length === 2);
  chat.send({ type: 'openConversation', conversation: left.conversation });
  await chat.until((state) => state.conversation === left.conversation);
  const other = open();
  const anew = await other.until(() => true);
  expect([anew.left.turns, anew.right.turns, anew.rounds]).toEqual([[], [], []]);
  expect(anew.left.conversation).not.toBe(left.conversation);
});

test('replaced conversations are listed at once', async () => {
  const { chat, open } = await useChats();
  const { ask, send, until } = open();
  await ask('Hello');
  send({ type: 'begin' });
  await until(({ left, right }) => left.turns.length === 0 && right.turns.length === 0);
  const { conversations } = await chat.until((state) => state.conversations.length === 2);
  expect(conversations.map(({ title }) => title)).toEqual(['Hello', 'Hello']);
});

test('closing a view does not end answers', async () => {
  const { chat, open } = await useChats();
  const first = open();
  await first.until(() => true);
  first.send({ type: 'send', prompt: 'think' });
  await first.until(({ rounds }) => rounds.length === 1);
  first.close();
  const { send, until } = open();
  const { left, right } = await until(() => true);
  expect([readLastOutcome(left), readLastOutcome(right), left.turns.length]).toEqual([
    null,
    null,
    1,
  ]);
  expect(chat.state()!.conversations).toEqual([]);
  send({ type: 'stopBoth' });
  await until(
    (shown) => readLastOutcome(shown.left) !== null && readLastOutcome(shown.right) !== null,
  );
});

test('attachments go to both lanes and are removed from both', async () => {
  const { open } = await useChats();
  const { send, until, ask } = open();
  await until(() => true);
  const file = { mediaType: 'text/plain', data: 'eA==', thumbnail: null };
  send({ type: 'attach', name: 'a.txt', ...file });
  send({ type: 'attach', name: 'b.txt', ...file });
  const shown = await until(({ left, right }) =>
    [left, right].every((at) => at.attachments.length === 2),
  );
  send({ type: 'detach', attachment: shown.left.attachments[0]!.id });
  await until(({ left, right }) => [left, right].every((at) => at.attachments.length === 1));
  const { left, right } = await ask('Hello');
  for (const { turns, attachments } of [left, right]) {
    expect(turns[0]!.attachments).toMatchObject([{ name: 'b.txt' }]);
    expect(attachments).toEqual([]);
  }
});

test('a message that would make the lanes differ is refused', async () => {
  const { open } = await useChats();
  const { send, until } = open();
  await until(() => true);
  const refused = (message: unknown) =>
    expect(() => send(message as ComparisonViewMessage)).toThrow('Invalid chat message');
  refused({ type: 'lane', lane: 'left', message: { type: 'send', prompt: 'x' } });
  refused({ type: 'lane', lane: 'left', message: { type: 'retry', turn: 'x', prompt: 'other' } });
  refused({ type: 'lane', lane: 'middle', message: { type: 'newSession' } });
  refused({ type: 'newConversation' });
  refused('nonsense');
});
