import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { openAgentRegistry } from '../../src/aws/openAgentRegistry.ts';
import type { AgentRegistry } from '../../src/core/agents/agentRegistry.ts';
import { createInMemoryConversations } from '../../src/core/chat/conversations/inMemoryConversations.ts';
import type { ConversationStore } from '../../src/core/chat/conversations/conversationStore.ts';
import {
  createChatHost,
  type ChatHost,
  type ChatHostOptions,
} from '../../src/core/chat/chatHost.ts';
import { inMemoryTemplates } from '../../src/core/chat/templates/templateStore.ts';
import { connectEmulator } from '../../src/core/emulatorClient/emulatorConnection.ts';
import { inMemoryTokens, type TokenStore } from '../../src/core/targets/tokens.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { openView, type TestView } from './chat.ts';

/** A chat with an emulator's agents of any protocol. */
export interface LocalChat {
  readonly host: ChatHost;
  readonly view: TestView;
  /** Sends a prompt and resolves to its completed turn. */
  ask(prompt: string): Promise<Turn>;
}

/** Opens a registry of an emulator's agents, as the chat page does. */
export async function useEmulatorAgents(
  url: string,
  tokens: TokenStore = inMemoryTokens,
): Promise<AgentRegistry> {
  const emulator = connectEmulator(url);
  const registry = openAgentRegistry({
    emulator,
    targets: 'This test calls only the emulator.',
    tokens,
    logger: { warn: () => {} },
  });
  onTestFinished(() => {
    registry.close();
    emulator.close();
  });
  await registry.emulator.refresh();
  return registry;
}

/** Opens a chat with an emulator's agents, as VS Code and the page do. */
export async function useLocalChat(
  url: string,
  conversations?: ConversationStore,
): Promise<LocalChat> {
  return useChatWithRegistry(await useEmulatorAgents(url), {
    ...(conversations && { conversations }),
  });
}

/** Opens a chat with these agents, and one view. */
export function useChatWithRegistry(
  registry: AgentRegistry,
  {
    conversations = createInMemoryConversations(),
    logger = { error: () => {} },
  }: Partial<Pick<ChatHostOptions, 'conversations' | 'logger'>> = {},
): LocalChat {
  const host = createChatHost({
    registry,
    conversations,
    latest: null,
    templates: inMemoryTemplates,
    now: Date.now,
    logger,
    editor: null,
    newId: randomUUID,
  });
  onTestFinished(host.dispose);
  const view = openView(host);
  view.send({ type: 'ready' });
  return {
    host,
    view,
    async ask(prompt) {
      const count = view.state()!.turns.length + 1;
      view.send({ type: 'send', prompt });
      const { turns } = await view.until(
        (state) => state.turns.length === count && state.turns.at(-1)!.outcome !== null,
      );
      return turns.at(-1)!;
    },
  };
}
