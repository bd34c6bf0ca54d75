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

/** A chat with an emulator's agents, of whatever protocols. */
export interface LocalChat {
  readonly host: ChatHost;
  readonly view: TestView;
  /** Sends a prompt; resolves to its turn once that has ended. */
  ask(prompt: string): Promise<Turn>;
}

/** The agents of an emulator, as the chat page lists them. */
export async function useEmulatorAgents(
  url: string,
  tokens: TokenStore = inMemoryTokens,
): Promise<AgentRegistry> {
  const emulator = connectEmulator(url);
  const registry = openAgentRegistry({
    emulator,
    targets: null,
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

/** The chat as VS Code and the page open it. */
export async function useLocalChat(
  url: string,
  conversations?: ConversationStore,
): Promise<LocalChat> {
  return useChatOf(await useEmulatorAgents(url), { ...(conversations && { conversations }) });
}

/** A chat with these agents, and one view of it. */
export function useChatOf(
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
