import type { Conversation, Conversations } from './conversations.ts';
import { openConversations, type ConversationFolder } from './folder.ts';
import { createConversations } from './memory.ts';

/** The conversations in a folder, or of this run alone where there is none, and the one that was used last. */
export async function openKept({
  path,
  logger,
}: {
  readonly path: string | null;
  readonly logger: ConversationFolder['logger'];
}): Promise<{ readonly conversations: Conversations; readonly latest: Conversation | null }> {
  if (path === null) return { conversations: createConversations(), latest: null };
  try {
    const conversations = await openConversations({ path, logger });
    const [head] = conversations.heads();
    const latest = head ? { head, turns: await conversations.turns(head.id) } : null;
    return { conversations, latest };
  } catch (error) {
    // A chat that keeps nothing is better than none.
    logger.warn(`conversations are not kept: ${(error as Error).message}`);
    return { conversations: createConversations(), latest: null };
  }
}
