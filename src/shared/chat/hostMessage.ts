import type { ChatChange } from './change.ts';
import type { ConversationMatch } from './conversation.ts';
import type { MachineRecords } from './machineRecord.ts';
import type { RawAnswer } from './rawAnswer.ts';
import type { SessionModels } from './sessionModels.ts';
import type { ChatState } from './state.ts';

// The chat protocol consists of the messages that a host and its views post to each other: the types here and
// in viewMessage.ts. A view is VS Code's webview or the emulator's page. The host keeps the state and posts
// each
// change of it; both sides apply a change with `applyChange`, so all views of a host show the same.

/** The state, which is posted once the view is ready, and each change after that. */
export type StateMessage = { readonly type: 'state'; readonly state: ChatState } | ChatChange;

/** A file that the view requested. */
export interface FileMessage {
  readonly type: 'file';
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}

/** The raw answer of a turn; null if it is not kept. */
export interface RawMessage {
  readonly type: 'raw';
  readonly turn: string;
  readonly raw: RawAnswer | null;
}

/** Logs and timelines of a session's runs; null if none are available. */
export interface MachinesMessage {
  readonly type: 'machines';
  readonly sessionId: string;
  readonly records: MachineRecords | null;
}

/** The model backend of a session, and the error if it could not be read or changed. */
export interface ModelsMessage {
  readonly type: 'models';
  readonly sessionId: string;
  /** Null if the backend is not chosen here, or could not be read. */
  readonly models: SessionModels | null;
  readonly problem: string | null;
}

/** A prompt, or a payload, that was not sent. */
export interface UnsentPrompt {
  readonly prompt: string;
  readonly isPayload?: true;
}

/** A message of the host: about its state, or a reply to this view. */
export type HostMessage =
  | StateMessage
  | RawMessage
  | MachinesMessage
  | ModelsMessage
  | FileMessage
  /** Conversations that contain these words. */
  | {
      readonly type: 'found';
      readonly words: string;
      readonly findings: readonly ConversationMatch[];
    }
  /** The view's prompt was not sent; the state's problem says why. */
  | ({ readonly type: 'unsent' } & UnsentPrompt)
  /** A command shows the list of conversations. */
  | { readonly type: 'showConversations' };
