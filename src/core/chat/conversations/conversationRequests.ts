import * as z from 'zod';
import type { ConversationRequest } from '../../../shared/chat/viewMessage.ts';
import type { HandlerContext, Handlers } from '../handlers.ts';
import { firstLocal } from '../source/source.ts';
import type { ConversationController } from './conversationController.ts';
import type { Search } from './search.ts';

/** What a view asks for about conversations. */
export const conversationRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('newConversation') }),
  z.object({ type: z.literal('openConversation'), conversation: z.string() }),
  z.object({ type: z.literal('rename'), conversation: z.string(), title: z.string() }),
  z.object({ type: z.literal('remove'), conversation: z.string() }),
  z.object({ type: z.literal('restore') }),
  z.object({ type: z.literal('fork'), turn: z.string() }),
  z.object({ type: z.literal('export'), as: z.enum(['json', 'markdown']) }),
  z.object({ type: z.literal('import'), content: z.string() }),
  z.object({ type: z.literal('search'), words: z.string() }),
]) satisfies z.ZodType<ConversationRequest>;

/** Handles it. */
export function conversationHandlers(
  { state, attempt }: HandlerContext,
  book: ConversationController,
  search: Search,
): Handlers<ConversationRequest> {
  return {
    newConversation() {
      const { agent, agents } = state();
      const isThere = agents.some(({ id }) => id === agent);
      book.begin(isThere ? agent : (firstLocal(agents) ?? agent));
    },
    openConversation: ({ conversation }) =>
      attempt('The conversation could not be read', () => book.open(conversation)),
    rename: ({ conversation, title }) => book.rename(conversation, title),
    remove: ({ conversation }) => book.remove(conversation),
    restore: () => attempt('The conversation could not be read', () => book.restore()),
    fork: ({ turn }) => book.fork(turn),
    export: ({ as }, reply) =>
      attempt('The conversation could not be exported', async () => reply(book.export(as))),
    import: ({ content }) =>
      attempt('The file cannot be imported', async () => book.import(content)),
    search: ({ words }, reply) =>
      attempt('The conversations could not be searched', async () => {
        const found = await search.find(words, reply);
        if (found) reply({ type: 'found', words, findings: found });
      }),
  };
}
