import { join } from 'node:path';
import { openTemplateFile } from '../templates/templateFile.ts';
import { inMemoryTemplates, type TemplateStore } from '../templates/templateStore.ts';
import type { Conversation, ConversationStore } from './conversationStore.ts';
import { openConversationFolder, type ConversationFolder } from './conversationFolder.ts';
import { createInMemoryConversations } from './inMemoryConversations.ts';

/** What a chat finds when it is opened. */
export interface ChatStorage {
  readonly conversations: ConversationStore;
  /** The one that was used last. */
  readonly latest: Conversation | null;
  readonly templates: TemplateStore;
}

/** Beside the conversations, which are folders. */
const TEMPLATES = 'payloadTemplates.json';

/** What is kept in a folder, or of this run alone where there is none. */
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
    // A chat that keeps nothing is better than none.
    const { message } = error as Error;
    logger.warn(`conversations are not kept: ${message}`);
    const why = `What is said is not kept: ${path} cannot be used as the folder of conversations (${message}). Mend that and start again; until then, export what must not be lost.`;
    return { conversations: createInMemoryConversations(why), latest: null, templates };
  }
}
