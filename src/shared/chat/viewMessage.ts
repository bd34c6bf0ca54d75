import type { FileContent } from '../attachment.ts';
import type { PayloadTemplate } from '../payloadTemplate.ts';
import type { AwsRequest } from '../aws.ts';

/** A message of a view to its host. */
export type ViewMessage =
  /** The view is ready; nothing is posted to it before. */
  | { readonly type: 'ready' }
  /** The user dismissed the problem. */
  | { readonly type: 'dismissProblem' }
  | TurnRequest
  | AttachmentRequest
  | ConversationRequest
  | SessionRequest
  | SourceRequest
  | TemplateRequest
  | CodeRequest;

/** Requests about turns. */
export type TurnRequest =
  /** Sends a prompt, or a payload as it is. */
  | { readonly type: 'send'; readonly prompt: string; readonly isPayload?: true }
  /** Sends a prompt again, possibly edited. */
  | { readonly type: 'retry'; readonly turn: string; readonly prompt?: string }
  /** Completes a turn that reads a web socket. */
  | { readonly type: 'settle'; readonly turn: string }
  /** Closes the web socket to the agent. */
  | { readonly type: 'closeSocket' }
  /** Cancels a turn. */
  | { readonly type: 'stop'; readonly turn: string }
  /** Sends the agent's cancel payload to the running turn's session. */
  | { readonly type: 'cancelWork' }
  /** Requests the raw answer of a turn. */
  | { readonly type: 'showRaw'; readonly turn: string };

/** Requests about the attachments of the next prompt. */
export type AttachmentRequest =
  | ({ readonly type: 'attach'; readonly thumbnail: string | null } & FileContent)
  /** Attaches the lines that are selected in the editor. */
  | { readonly type: 'attachSelection' }
  | { readonly type: 'detach'; readonly attachment: string };

/** Requests about conversations. */
export type ConversationRequest =
  | { readonly type: 'newConversation' }
  | { readonly type: 'openConversation'; readonly conversation: string }
  | { readonly type: 'rename'; readonly conversation: string; readonly title: string }
  | { readonly type: 'remove'; readonly conversation: string }
  /** Restores the conversation that was removed last. */
  | { readonly type: 'restore' }
  /** Starts a conversation with copies of the turns up to this one. */
  | { readonly type: 'fork'; readonly turn: string }
  /** Requests the open conversation as a file. */
  | { readonly type: 'export'; readonly as: 'json' | 'markdown' }
  /** Opens the conversation in a file. */
  | { readonly type: 'import'; readonly content: string }
  /** Searches all conversations. */
  | { readonly type: 'search'; readonly words: string };

/** Requests about the session. */
export type SessionRequest =
  /** Continues in a new session. */
  | { readonly type: 'newSession' }
  /** Continues in this session, for this actor. */
  | { readonly type: 'identify'; readonly actorId: string | null; readonly sessionId: string }
  /** Terminates the session. */
  | { readonly type: 'stopSession' }
  /** Requests the logs and timelines of the session's runs. */
  | { readonly type: 'showMachines' };

/** Requests about agents. */
export type SourceRequest =
  /** Starts a conversation with another agent. */
  | { readonly type: 'chooseAgent'; readonly agent: string }
  /** Lists the tools of the agent, in the conversation's session. */
  | { readonly type: 'listTools' }
  /** Answers a token request; null to send no token. */
  | { readonly type: 'token'; readonly agent: string; readonly token: string | null }
  /** Reads AWS, or changes the list of targets there. */
  | { readonly type: 'aws'; readonly request: AwsRequest }
  /** Starts the emulator again. */
  | { readonly type: 'reconnect' };

/** Stores the payload template of an agent. */
export type TemplateRequest = {
  readonly type: 'keepTemplate';
  readonly agent: string;
  /** Null for the default. */
  readonly template: PayloadTemplate | null;
};

/** Requests about the code in an answer. */
export type CodeRequest =
  /** Inserts code at the editor's cursor. */
  | { readonly type: 'insertCode'; readonly text: string }
  /** Opens code in a new editor; the language is the one that the answer names, if any. */
  | { readonly type: 'openCode'; readonly text: string; readonly language: string };
