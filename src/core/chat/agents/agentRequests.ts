import * as z from 'zod';
import type { SourceRequest } from '../../../shared/chat/viewMessage.ts';
import type { AgentRegistry } from '../../agents/agentRegistry.ts';
import { awsRequest } from '../../targets/awsRequest.ts';
import type { ConversationController } from '../conversations/conversationController.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { ChatAgents } from './chatAgents.ts';

/** A view's requests about agents. */
export const sourceRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('chooseAgent'), agent: z.string() }),
  z.object({ type: z.literal('listTools') }),
  z.object({ type: z.literal('token'), agent: z.string(), token: z.string().trim().nullable() }),
  z.object({ type: z.literal('aws'), request: awsRequest }),
  z.object({ type: z.literal('reconnect') }),
]) satisfies z.ZodType<SourceRequest>;

/** Handlers of these requests. */
export function sourceHandlers(
  { state }: HandlerContext,
  controller: ConversationController,
  agents: ChatAgents,
  registry: AgentRegistry,
): MessageHandlers<SourceRequest> {
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
