import * as z from 'zod';
import type { MachineRecord } from '../../../shared/chat/machineRecord.ts';
import type { SessionRequest } from '../../../shared/chat/viewMessage.ts';
import { refuseActorId, refuseSessionId } from '../../../shared/identity.ts';
import type { ConversationController } from '../conversations/conversationController.ts';
import type { HandlerContext, Handlers } from '../handlers.ts';
import type { Sessions } from './sessionWatch.ts';

/** What a view asks for about the conversation's session. */
export const sessionRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('newSession') }),
  z.object({
    type: z.literal('identify'),
    actorId: checked(refuseActorId).nullable(),
    sessionId: checked(refuseSessionId),
  }),
  z.object({ type: z.literal('stopSession') }),
  z.object({ type: z.literal('showMachines') }),
]) satisfies z.ZodType<SessionRequest>;

function checked(refuse: (id: string) => string | null) {
  return z
    .string()
    .refine((id) => refuse(id) === null, { error: ({ input }) => refuse(input as string)! });
}

/** Handles it. */
export function sessionHandlers(
  { state, newId, attempt }: HandlerContext,
  book: ConversationController,
  sessions: Sessions,
): Handlers<SessionRequest> {
  return {
    newSession: () => book.identify({ actorId: state().actorId, sessionId: newId() }),
    identify: ({ actorId, sessionId }) => book.identify({ actorId, sessionId }),
    stopSession: () =>
      attempt('The session could not be stopped', async () => {
        const { agent, sessionId } = state();
        if (agent !== null) await sessions.stop({ agent, sessionId });
      }),
    showMachines(_, reply) {
      const { agent, sessionId } = state();
      const tell = (machines: readonly MachineRecord[] | null) =>
        reply({ type: 'machines', sessionId, machines });
      const reading = agent === null ? undefined : sessions.machines?.({ agent, sessionId });
      // The emulator may go while it is asked.
      (reading ?? Promise.resolve(null)).then(tell, () => tell(null));
    },
  };
}
