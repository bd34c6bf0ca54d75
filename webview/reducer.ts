import type { ConversationMatch } from '../src/shared/chat/conversation.ts';
import type { ChatState } from '../src/shared/chat/state.ts';
import type {
  FileMessage,
  HostMessage,
  MachinesMessage,
  UnsentPrompt,
} from '../src/shared/chat/hostMessage.ts';
import type { RawAnswer } from '../src/shared/chat/rawAnswer.ts';
import { applyChange } from '../src/shared/chat/applyChange.ts';

/** What the view shows, all of it. */
export interface ViewState {
  /** The host's state; null until it has said it. */
  readonly chat: ChatState | null;
  /** Whether messages reach the host. In VS Code they always do. */
  readonly link: 'open' | 'lost';
  /** The answers as they came that were asked for, by their turns; null where one is not kept. */
  readonly raws: ReadonlyMap<string, RawAnswer | null>;
  /** What is kept of a session's machines, as it was asked for last; null before. */
  readonly machines: Omit<MachinesMessage, 'type'> | null;
  /** How often the list of conversations was asked for outside of the view. */
  readonly shown: number;
  /** What was sent last and not taken, to be written on; null where all was. */
  readonly unsent: UnsentPrompt | null;
  /** In which conversations words were said that were looked for. */
  readonly found: SearchResults | null;
}

/** What a search has found. */
export interface SearchResults {
  readonly words: string;
  readonly findings: readonly ConversationMatch[];
}

/** What changes it: a message of the host's, or the way to the host itself. */
export type ViewEvent =
  Exclude<HostMessage, FileMessage> | { readonly type: 'link'; readonly link: ViewState['link'] };

/** Before anything was said. */
export const initialState: ViewState = {
  chat: null,
  link: 'open',
  raws: new Map(),
  machines: null,
  shown: 0,
  unsent: null,
  found: null,
};

/** The next state of the view. */
export function reduce(state: ViewState, event: ViewEvent): ViewState {
  if (event.type === 'link') return { ...state, link: event.link };
  if (event.type === 'found') {
    return { ...state, found: { words: event.words, findings: event.findings } };
  }
  if (event.type === 'unsent') {
    const { type: _, ...unsent } = event;
    return { ...state, unsent };
  }
  if (event.type === 'showConversations') return { ...state, shown: state.shown + 1 };
  if (event.type === 'state') return { ...state, chat: event.state };
  if (event.type === 'raw') {
    return { ...state, raws: new Map(state.raws).set(event.turn, event.raw) };
  }
  if (event.type === 'machines') {
    return { ...state, machines: { sessionId: event.sessionId, machines: event.machines } };
  }
  // The host speaks after `ready` only, and answers that with the whole.
  if (state.chat === null) throw new Error(`${event.type} came before the state`);
  return { ...state, chat: applyChange(state.chat, event) };
}
