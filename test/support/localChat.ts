import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { alwaysThere, connectLocalAgents } from '../../src/aws/localAgents.ts';
import { inMemoryTemplates } from '../../src/core/chat/templates/templates.ts';
import { createConversations } from '../../src/core/chat/conversations/memory.ts';
import type { Conversations } from '../../src/core/chat/conversations/conversations.ts';
import { createChatHost, type ChatHost, type ChatHostOptions } from '../../src/core/chat/host.ts';
import { withToolbox } from '../../src/core/targets/toolbox.ts';
import type { Agents } from '../../src/core/targets/targets.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { openView, type TestView } from './chat.ts';

/** A chat with an emulator's agents, of whatever protocols. */
export interface LocalChat {
  readonly host: ChatHost;
  readonly view: TestView;
  /** Sends a prompt, and gives back its turn once that has ended. */
  ask(prompt: string): Promise<Turn>;
}

/** The chat as VS Code and the page make it. */
export async function useLocalChat(url: string, conversations?: Conversations): Promise<LocalChat> {
  const local = await connectLocalAgents(url);
  onTestFinished(local.destroy);
  return useChatOf(alwaysThere(local), { ...(conversations && { conversations }) });
}

/** A chat with these agents, and one view of it. */
export function useChatOf(
  agents: Agents,
  {
    conversations = createConversations(),
    logger = { error: () => {} },
  }: Partial<Pick<ChatHostOptions, 'conversations' | 'logger'>> = {},
): LocalChat {
  const host = createChatHost({
    ...withToolbox(agents),
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
        ({ turns: now }) => now.length === count && now.at(-1)!.outcome !== null,
      );
      return turns.at(-1)!;
    },
  };
}
