import type { ChatState, HostMessage } from '../src/shared/chat.ts';
import { applyChange } from '../src/shared/chatState.ts';

/** What the view shows, all of it. */
export interface ViewState {
  /** The host's state; null until it has said it. */
  readonly chat: ChatState | null;
  /** Whether messages reach the host. In VS Code they always do. */
  readonly link: 'open' | 'lost';
}

/** What changes it: a message of the host's, or the way to the host itself. */
export type ViewEvent = HostMessage | { readonly type: 'link'; readonly link: ViewState['link'] };

/** Before anything was said. */
export const initialState: ViewState = { chat: null, link: 'open' };

/** The next state of the view. */
export function reduce(state: ViewState, event: ViewEvent): ViewState {
  if (event.type === 'link') return { ...state, link: event.link };
  if (event.type === 'state') return { ...state, chat: event.state };
  // The host speaks after `ready` only, and answers that with the whole.
  if (state.chat === null) throw new Error(`${event.type} came before the state`);
  return { ...state, chat: applyChange(state.chat, event) };
}
