import type { ChatAgentRequest } from '../../../shared/schemas/viewMessage.ts';
import type { AgentRegistry } from '../../agents/agentRegistry.ts';
import type { ConversationController } from '../conversations/conversationController.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { ChatAgents } from './chatAgents.ts';

/** Handlers of requests about agents. */
export function agentHandlers(
  { state }: HandlerContext,
  controller: ConversationController,
  agents: ChatAgents,
  registry: AgentRegistry,
): MessageHandlers<ChatAgentRequest> {
  return {
    chooseAgent({ agent: id }) {
      const agent = state().agents.find((one) => one.id === id);
      if (agent) controller.begin(agent);
    },
    listTools() {
      const session = controller.session();
      if (session) agents.listTools(session);
    },
    token: ({ agent, token }) => agents.answerTokenRequest(agent, token),
    aws: ({ request }) => registry.aws?.request(request),
    reconnect: () => registry.emulator.reconnect(),
  };
}
