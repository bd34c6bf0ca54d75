import type { ConversationMatch } from '../src/shared/chat/conversation.ts';
import type { ChatState } from '../src/shared/chat/state.ts';
import type {
  FileMessage,
  HostMessage,
  MachinesMessage,
  ModelsMessage,
  UnsentPrompt,
} from '../src/shared/chat/hostMessage.ts';
import type { RawAnswer } from '../src/shared/chat/rawAnswer.ts';
import { applyChange } from '../src/shared/chat/applyChange.ts';

/** Complete state of the view. */
export interface ViewState {
  /** The host's state; null until it arrives. */
  readonly chat: ChatState | null;
  /** `lost` if messages do not reach the host. In VS Code the link is always open. */
  readonly link: 'open' | 'lost';
  /** Requested raw answers by turn ID; null if the host no longer has one. */
  readonly rawAnswers: ReadonlyMap<string, RawAnswer | null>;
  /** Latest machine records of a session; null before the first request. */
  readonly machines: Omit<MachinesMessage, 'type'> | null;
  /** The model backend of a session; null before the first request. */
  readonly models: Omit<ModelsMessage, 'type'> | null;
  /** Number of times that VS Code requested the conversation list. */
  readonly listRequests: number;
  /** Latest prompt that the host rejected and returned; null if there is none. */
  readonly unsent: UnsentPrompt | null;
  /** Results of the last search. */
  readonly searchResults: SearchResults | null;
}

/** Results of a conversation search. */
export interface SearchResults {
  readonly query: string;
  readonly matches: readonly ConversationMatch[];
}

/** Event that changes the view: a message of the host, or a change of the connection. */
export type ViewEvent =
  Exclude<HostMessage, FileMessage> | { readonly type: 'link'; readonly link: ViewState['link'] };

/** State before the first message of the host. */
export const initialState: ViewState = {
  chat: null,
  link: 'open',
  rawAnswers: new Map(),
  machines: null,
  models: null,
  listRequests: 0,
  unsent: null,
  searchResults: null,
};

/** Applies an event to the state of the view. */
export function reduce(state: ViewState, event: ViewEvent): ViewState {
  if (event.type === 'link') return { ...state, link: event.link };
  if (event.type === 'found') {
    return { ...state, searchResults: { query: event.words, matches: event.findings } };
  }
  if (event.type === 'unsent') {
    const { type: _, ...unsent } = event;
    return { ...state, unsent };
  }
  if (event.type === 'showConversations') return { ...state, listRequests: state.listRequests + 1 };
  if (event.type === 'state') return { ...state, chat: event.state };
  if (event.type === 'raw') {
    return { ...state, rawAnswers: new Map(state.rawAnswers).set(event.turn, event.raw) };
  }
  if (event.type === 'machines') {
    return { ...state, machines: { sessionId: event.sessionId, records: event.records } };
  }
  if (event.type === 'models') {
    const { type: _, ...models } = event;
    return { ...state, models };
  }
  // The host sends nothing before `ready`, and answers that with the complete state.
  if (state.chat === null) throw new Error(`Received ${event.type} before the state`);
  return { ...state, chat: applyChange(state.chat, event) };
}
