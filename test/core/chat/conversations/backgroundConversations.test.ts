import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ConversationStore } from '../../../../src/core/chat/conversations/conversationStore.ts';
import { createInMemoryConversations } from '../../../../src/core/chat/conversations/inMemoryConversations.ts';
import type { ChatState } from '../../../../src/shared/chat/state.ts';
import { answerText } from '../../../../src/shared/chat/turn.ts';
import { useAgent } from '../../../support/agents.ts';
import { scriptedAgent, openView, useChat } from '../../../support/chat.ts';
import { eventually } from '../../../support/eventually.ts';
import { useEmulator } from '../../../support/emulator.ts';
import { usePausedAnswers } from '../../../support/pausedAnswers.ts';

const begun = ({ turns }: ChatState) => turns.length > 0 && answerText(turns.at(-1)!) !== '';
const over = ({ turns }: ChatState) => turns.at(-1)?.outcome != null;
const prompts = ({ turns }: ChatState) => turns.map(({ prompt }) => prompt);

/** Creates two conversations; an answer is running in the first, and the second is open. */
async function useBackgroundAnswer(conversations = createInMemoryConversations()) {
  const chat = usePausedAnswers(conversations);
  const { view } = chat;
  view.send({ type: 'send', prompt: 'one' });
  const { conversation } = await view.until(begun);
  view.send({ type: 'newConversation' });
  return { ...chat, conversations, conversation };
}

test('an answer continues in its conversation while another is open', async () => {
  const { view, conversation, end, abandoned } = await useBackgroundAnswer();
  expect(view.state()).toMatchObject({ turns: [], answering: [conversation] });

  view.send({ type: 'openConversation', conversation });
  const { turns } = await view.until((state) => state.conversation === conversation);
  expect(turns).toMatchObject([{ outcome: null, parts: [{ text: 'so far' }] }]);
  expect(view.state()!.answering).toEqual([]);
  end('one');
  const ended = await view.until(over);
  expect(answerText(ended.turns[0]!)).toBe('so far, so good');
  expect(abandoned).toEqual([]);
});

test('an answer that ends in the background is stored with its conversation', async () => {
  const { view, conversation, conversations, end } = await useBackgroundAnswer();
  view.send({ type: 'rename', conversation, title: 'Named meanwhile' });
  view.send({ type: 'send', prompt: 'two' });
  await view.until(begun);
  end('one');
  await view.until(({ answering }) => answering.length === 0);
  const [turn] = await conversations.turns(conversation);
  expect(answerText(turn!)).toBe('so far, so good');
  expect(turn!.outcome).toEqual({ type: 'completed' });
  expect(conversations.heads().find(({ id }) => id === conversation)!.title).toBe(
    'Named meanwhile',
  );
  expect(view.state()!.turns).toMatchObject([{ prompt: 'two', outcome: null }]);
  view.send({ type: 'openConversation', conversation });
  await view.until((state) => state.conversation === conversation && over(state));
});

test('a background answer ends with its conversation and with the chat', async () => {
  const { host, view, conversation, abandoned } = await useBackgroundAnswer();
  view.send({ type: 'send', prompt: 'two' });
  await view.until(begun);
  view.send({ type: 'remove', conversation });
  expect(view.state()!.answering).toEqual([]);
  expect(abandoned).toEqual(['one']);
  view.send({ type: 'restore' });
  view.send({ type: 'openConversation', conversation });
  const opened = await view.until((state) => state.conversation === conversation);
  expect(opened.turns).toMatchObject([{ outcome: { type: 'canceled' } }]);
  expect(opened.answering).toHaveLength(1);
  await host.dispose();
  expect(abandoned).toEqual(['one', 'two']);
});

test('a background answer’s run is known when its conversation opens again', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(scriptedAgent)] });
  const { view, host } = useChat(emulator);
  view.send({ type: 'send', prompt: 'go on' });
  const { conversation, turns } = await view.until(begun);
  view.send({ type: 'newConversation' });
  await view.until(({ session }) => session.state === 'none');
  await eventually(async () => {
    expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  });
  view.send({ type: 'openConversation', conversation });
  await view.until(({ session }) => session.state === 'active');
  view.send({ type: 'stop', turn: turns[0]!.id });
  view.send({ type: 'stopSession' });
  await view.until(({ opening }) => opening?.why === 'stopped');
  view.send({ type: 'newConversation' });
  await host.dispose();
});

/** Creates a store whose reads complete when the test calls `read`. */
function useSlowReads() {
  const conversations = createInMemoryConversations();
  const waiting: (() => void)[] = [];
  const slow: ConversationStore = {
    ...conversations,
    async turns(id) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return conversations.turns(id);
    },
  };
  async function read(index: number): Promise<void> {
    waiting[index]!();
    await setImmediate();
  }
  return { slow, read };
}

/** Creates the stored conversations 'one' and 'two', and opens a new one. */
async function useStoredConversations() {
  const { slow, read } = useSlowReads();
  const { view, end } = usePausedAnswers(slow);
  const ids: string[] = [];
  for (const prompt of ['one', 'two']) {
    view.send({ type: 'send', prompt });
    await view.until(begun);
    end(prompt);
    ids.push((await view.until(over)).conversation);
    view.send({ type: 'newConversation' });
  }
  const [one, two] = ids as [string, string];
  const open = (conversation: string) => view.send({ type: 'openConversation', conversation });
  return { view, read, one, two, open };
}

test('when two conversations are opened at once, the second is shown', async () => {
  const { view, read, one, two, open } = await useStoredConversations();
  open(one);
  open(two);
  await read(1);
  await read(0);
  expect(view.state()!.conversation).toBe(two);
  expect(prompts(view.state()!)).toEqual(['two']);
});

test('a prompt sent while another conversation loads stays in its own', async () => {
  const { view, read, one, open } = await useStoredConversations();
  const { conversation } = view.state()!;
  open(one);
  view.send({ type: 'send', prompt: 'typed meanwhile' });
  await read(0);
  expect(view.state()!.conversation).toBe(conversation);
  expect(prompts(view.state()!)).toEqual(['typed meanwhile']);
});

test('a conversation removed while it loads does not open', async () => {
  const { view, read, one, open } = await useStoredConversations();
  const { conversation } = view.state()!;
  open(one);
  view.send({ type: 'remove', conversation: one });
  await read(0);
  expect(view.state()).toMatchObject({ conversation, turns: [], removed: { id: one } });
});

test('a conversation renamed while it loads keeps its new name', async () => {
  const { view, read, one, open } = await useStoredConversations();
  open(one);
  view.send({ type: 'rename', conversation: one, title: 'Named meanwhile' });
  await read(0);
  view.send({ type: 'send', prompt: 'three' });
  const { conversations } = await view.until(begun);
  expect(conversations.find(({ id }) => id === one)!.title).toBe('Named meanwhile');
});

test('only the last search of each view is answered', async () => {
  const { slow, read } = useSlowReads();
  const { view, end, host } = usePausedAnswers(slow);
  view.send({ type: 'send', prompt: 'apples' });
  await view.until(begun);
  end('apples');
  await view.until(over);
  const other = openView(host);
  other.send({ type: 'ready' });
  view.send({ type: 'search', words: 'app' });
  view.send({ type: 'search', words: 'apple' });
  other.send({ type: 'search', words: 'pears' });
  for (const index of [0, 1, 2]) await read(index);
  const found = (one: typeof view) =>
    one.received.flatMap((message) => (message.type === 'found' ? message.words : []));
  expect(found(view)).toEqual(['apple']);
  expect(found(other)).toEqual(['pears']);
});
