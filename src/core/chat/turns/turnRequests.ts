import type { HostMessage, UnsentPrompt } from '../../../shared/chat/hostMessage.ts';
import { runningTurn, takesAttachments } from '../../../shared/chat/state.ts';
import type { TurnRequest } from '../../../shared/schemas/viewMessage.ts';
import { defaultTitle } from '../conversations/title.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';
import type { TurnRunner } from './turnRunner.ts';

/** Handlers of requests about turns. */
export function turnHandlers(
  { state, change, attempt }: HandlerContext,
  turns: TurnRunner,
): MessageHandlers<TurnRequest> {
  /**
   * Returns a prompt to the view that cannot be sent, because another view was faster or the agent is
   * unavailable.
   */
  function returnPrompt(unsent: UnsentPrompt, reply: (answer: HostMessage) => void): void {
    reply({ type: 'unsent', ...unsent });
    const why = runningTurn(state())
      ? 'another answer is still running in this conversation'
      : 'the agent is not available';
    attempt(`“${defaultTitle(unsent.prompt)}” was not sent`, () => Promise.reject(new Error(why)));
  }

  return {
    /** Attachments are sent with a prompt, but not with a payload. */
    send({ prompt, isPayload }, reply) {
      if (!turns.canAsk()) return returnPrompt({ prompt, ...(isPayload && { isPayload }) }, reply);
      const { attachments } = state();
      const hasAttachments = !isPayload && attachments.length > 0 && takesAttachments(state());
      if (hasAttachments) change({ type: 'attachments', attachments: [] });
      void turns.ask({
        prompt,
        ...(isPayload && { isPayload }),
        ...(hasAttachments && { attachments }),
      });
    },
    retry({ turn: id, prompt }, reply) {
      const turn = state().turns.find((one) => one.id === id);
      if (!turn || turn.isUnprompted) return;
      if (!turns.canAsk() && prompt !== undefined) return returnPrompt({ prompt }, reply);
      void turns.ask({ ...turn, prompt: prompt ?? turn.prompt });
    },
    settle({ turn }) {
      if (runningTurn(state())?.id === turn) turns.completeTurn();
    },
    closeSocket: turns.closeSocket,
    stop({ turn }) {
      if (runningTurn(state())?.id === turn) turns.cancel(turn);
    },
    cancelWork: () => attempt('The cancel payload was not accepted', turns.cancelWork),
    showRaw: ({ turn }, reply) => reply({ type: 'raw', turn, raw: turns.raw(turn) }),
  };
}
