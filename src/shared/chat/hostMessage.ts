import type { ChatChange } from './change.ts';
import type { ConversationMatch } from './conversation.ts';
import type { MachineRecord } from './machineRecord.ts';
import type { RawAnswer } from './rawAnswer.ts';
import type { ChatState } from './state.ts';

// The chat protocol is what a host and its views post to each other, whether a view is VS Code's
// webview or the emulator's page: this, and viewMessage.ts. The host keeps the state and tells every
// change of it; both ends apply a change by `applyChange`, so all views of a host show the same.

/** What the host tells a view of its state: the whole once the view is ready, then every change of it. */
export type StateMessage = { readonly type: 'state'; readonly state: ChatState } | ChatChange;

/** A file that a view has asked for. */
export interface FileMessage {
  readonly type: 'file';
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}

/** The answer of a turn as it came; null where it is not kept. */
export interface RawMessage {
  readonly type: 'raw';
  readonly turn: string;
  readonly raw: RawAnswer | null;
}

/** What is kept of a session's machines, the oldest first; null where nobody tells. */
export interface MachinesMessage {
  readonly type: 'machines';
  readonly sessionId: string;
  readonly machines: readonly MachineRecord[] | null;
}

/** A prompt, or a payload as it is, that is given back to who wrote it. */
export interface UnsentPrompt {
  readonly prompt: string;
  readonly isPayload?: true;
}

/** What the host posts to a view: of its state, and what this view alone has asked for. */
export type HostMessage =
  | StateMessage
  | RawMessage
  | MachinesMessage
  | FileMessage
  /** In which conversations these words are. */
  | {
      readonly type: 'found';
      readonly words: string;
      readonly findings: readonly ConversationMatch[];
    }
  /** What this view has sent was not taken; the state's problem says why. */
  | ({ readonly type: 'unsent' } & UnsentPrompt)
  /** The user has asked, outside of the view, to see the list of conversations. */
  | { readonly type: 'showConversations' };
