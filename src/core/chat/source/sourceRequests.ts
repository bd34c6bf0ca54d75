import * as z from 'zod';
import type { SourceRequest } from '../../../shared/chat/viewMessage.ts';
import { awsRequest } from '../../targets/awsRequest.ts';
import type { ConversationController } from '../conversations/conversationController.ts';
import type { HandlerContext, Handlers } from '../handlers.ts';
import type { ChatSource } from './source.ts';

/** What a view asks for about agents. */
export const sourceRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('chooseAgent'), agent: z.string() }),
  z.object({ type: z.literal('listTools') }),
  z.object({ type: z.literal('token'), agent: z.string(), token: z.string().trim().nullable() }),
  z.object({ type: z.literal('aws'), request: awsRequest }),
  z.object({ type: z.literal('reconnect') }),
]) satisfies z.ZodType<SourceRequest>;

/** Handles it. */
export function sourceHandlers(
  { state }: HandlerContext,
  book: ConversationController,
  source: ChatSource,
): Handlers<SourceRequest> {
  return {
    chooseAgent({ agent }) {
      if (state().agents.some(({ id }) => id === agent)) book.begin(agent);
    },
    listTools() {
      const { agent, sessionId, actorId } = state();
      if (agent !== null) source.listTools?.({ agent, sessionId, actorId });
    },
    token: ({ agent, token }) => source.giveToken?.(agent, token),
    aws: ({ request }) => source.aws?.(request),
    reconnect: () => source.reconnect?.(),
  };
}
