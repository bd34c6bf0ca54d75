import type { ChatChange } from '../../shared/chat/change.ts';
import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import type { ChatState } from '../../shared/chat/state.ts';

/** A handler for each type of message; `reply` posts to the view that sent it. */
export type MessageHandlers<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: (
    message: Extract<Message, { readonly type: Type }>,
    reply: (answer: HostMessage) => void,
  ) => void;
};

/** Dependencies of all handlers. */
export interface HandlerContext {
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
  readonly newId: () => string;
  /** Runs an action. If it fails, the views show what failed and why. */
  readonly attempt: (what: string, act: () => Promise<void> | undefined) => void;
}
