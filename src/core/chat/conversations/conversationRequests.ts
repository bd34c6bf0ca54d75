import type { ConversationRequest } from '../../../shared/schemas/viewMessage.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import { firstLocalAgent } from '../agents/chatAgents.ts';
import type { ConversationController } from './conversationController.ts';
import type { ConversationSearch } from './conversationSearch.ts';

/** Handlers of requests about conversations. */
export function conversationHandlers(
  { state, attempt }: HandlerContext,
  controller: ConversationController,
  search: ConversationSearch,
): MessageHandlers<ConversationRequest> {
  return {
    newConversation() {
      const { agent, agents } = state();
      const isListed = agents.some(({ id }) => id === agent);
      const current = controller.agent();
      controller.begin(isListed ? current : (firstLocalAgent(agents) ?? current));
    },
    openConversation: ({ conversation }) =>
      attempt('The conversation could not be read', () => controller.open(conversation)),
    rename: ({ conversation, title }) => controller.rename(conversation, title),
    remove: ({ conversation }) => controller.remove(conversation),
    restore: () => attempt('The conversation could not be read', () => controller.restore()),
    fork: ({ turn }) => controller.fork(turn),
    export: ({ as }, reply) =>
      attempt('The conversation could not be exported', async () => reply(controller.export(as))),
    import: ({ content }) =>
      attempt('The file cannot be imported', async () => controller.import(content)),
    search: ({ words }, reply) =>
      attempt('The conversations could not be searched', async () => {
        const found = await search.find(words, reply);
        if (found) reply({ type: 'found', words, findings: found });
      }),
  };
}
