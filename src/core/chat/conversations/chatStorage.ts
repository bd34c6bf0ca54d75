import { join } from 'node:path';
import { openTemplateFile } from '../templates/templateFile.ts';
import { inMemoryTemplates, type TemplateStore } from '../templates/templateStore.ts';
import type { Conversation, ConversationStore } from './conversationStore.ts';
import { openConversationFolder, type ConversationFolder } from './conversationFolder.ts';
import { createInMemoryConversations } from './inMemoryConversations.ts';

/** Everything that a chat stores. */
export interface ChatStorage {
  readonly conversations: ConversationStore;
  /** The conversation that was used last. */
  readonly latest: Conversation | null;
  readonly templates: TemplateStore;
}

/** A file next to the conversations, which are folders. */
const TEMPLATES = 'payloadTemplates.json';

/** Opens the storage in a folder; without one, nothing is kept after the program ends. */
export async function openChatStorage({
  path,
  logger,
}: {
  readonly path: string | null;
  readonly logger: ConversationFolder['logger'];
}): Promise<ChatStorage> {
  if (path === null) {
    return {
      conversations: createInMemoryConversations(),
      latest: null,
      templates: inMemoryTemplates,
    };
  }
  const templates = await openTemplateFile(join(path, TEMPLATES), logger);
  try {
    const conversations = await openConversationFolder({ path, logger });
    const [head] = conversations.heads();
    const latest = head ? { head, turns: await conversations.turns(head.id) } : null;
    return { conversations, latest, templates };
  } catch (error) {
    // The chat works without storage.
    const { message } = error as Error;
    logger.warn(`conversations are not stored: ${message}`);
    const why = `Conversations are not stored: cannot use the folder ${path} (${message}). Fix it and start again. Until then, export what you need to keep.`;
    return { conversations: createInMemoryConversations(why), latest: null, templates };
  }
}
