import { expect, test } from 'vitest';
import { createInMemoryConversations } from '../../../src/core/chat/conversations/inMemoryConversations.ts';
import type { ChatState } from '../../../src/shared/chat/state.ts';
import { useAgent } from '../../support/agents.ts';
import { useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';
import { modelAgent } from '../../support/modelAgent.ts';

const calls = (state: ChatState) => state.turns.map(({ modelCalls }) => modelCalls?.total.calls);

async function useModelChat() {
  const emulator = await useEmulator({ agents: [await useAgent(modelAgent)] });
  const conversations = createInMemoryConversations();
  const { view, host } = useChat(emulator, { conversations });
  const ask = (prompt: string) => view.send({ type: 'send', prompt });
  return { emulator, conversations, view, host, ask };
}

test('Each turn has the model calls between its start and its end.', async () => {
  const { view, ask, conversations, host } = await useModelChat();
  ask('2');
  const first = await view.until((state) => calls(state)[0] === 2 && !isRunning(state));
  expect(first.turns[0]!.modelCalls).toMatchObject({
    listed: [
      { model: 'claude-sonnet-4-5', backend: 'offline', stopReason: 'endTurn', error: null },
      { backend: 'offline' },
    ],
    total: { calls: 2, cost: null },
  });
  const { inputTokens, outputTokens } = first.turns[0]!.modelCalls!.total;
  expect(inputTokens).toBeGreaterThan(0);
  expect(outputTokens).toBeGreaterThan(0);
  ask('1');
  const { turns } = await view.until((state) => calls(state)[1] === 1 && !isRunning(state));
  expect(turns[0]!.modelCalls!.total.calls).toBe(2);
  await host.dispose();
  const stored = await conversations.turns(host.state().conversation);
  expect(stored.map(({ modelCalls }) => modelCalls?.total.calls)).toEqual([2, 1]);
});

test('A turn without model calls has none.', async () => {
  const { view, ask } = await useModelChat();
  ask('0');
  const { turns } = await view.until((state) => state.turns.length === 1 && !isRunning(state));
  expect(turns[0]).not.toHaveProperty('modelCalls');
});

function isRunning({ turns }: ChatState): boolean {
  return turns.at(-1)?.outcome === null;
}
