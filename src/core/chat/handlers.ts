import type { ChatChange } from '../../shared/chat/change.ts';
import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import type { ChatState } from '../../shared/chat/state.ts';

/** What is done for a message of each type; `reply` reaches the view alone that has sent it. */
export type Handlers<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: (
    message: Extract<Message, { readonly type: Type }>,
    reply: (answer: HostMessage) => void,
  ) => void;
};

/** What all handlers work with. */
export interface HandlerContext {
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
  readonly newId: () => string;
  /** Does what may fail; where it does, the views are told what was to be done, and why it was not. */
  readonly attempt: (what: string, act: () => Promise<void> | undefined) => void;
}
