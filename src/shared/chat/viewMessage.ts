import type { FileContent } from '../attachment.ts';
import type { PayloadTemplate } from '../payloadTemplate.ts';
import type { AwsRequest } from '../aws.ts';

/** What a view posts to its host. */
export type ViewMessage =
  /** The view listens; nothing is posted to it before. */
  | { readonly type: 'ready' }
  /** The problem has been read. */
  | { readonly type: 'dismissProblem' }
  | TurnRequest
  | AttachmentRequest
  | ConversationRequest
  | SessionRequest
  | SourceRequest
  | TemplateRequest
  | CodeRequest;

/** What is said to the agent, and what is done with what was said. */
export type TurnRequest =
  /** Send words, or a payload as it is. */
  | { readonly type: 'send'; readonly prompt: string; readonly isPayload?: true }
  /** Ask the same again, or the same in other words. */
  | { readonly type: 'retry'; readonly turn: string; readonly prompt?: string }
  /** This turn, which listens to a web socket, has its whole answer. */
  | { readonly type: 'settle'; readonly turn: string }
  /** Close the web socket to the agent. */
  | { readonly type: 'closeSocket' }
  /** Cancel this turn. */
  | { readonly type: 'stop'; readonly turn: string }
  /** Send the agent's own cancel payload into the session whose turn runs. */
  | { readonly type: 'cancelWork' }
  /** Tell this turn's answer as it came, as far as it has come. */
  | { readonly type: 'showRaw'; readonly turn: string };

/** What goes with the next prompt. */
export type AttachmentRequest =
  | ({ readonly type: 'attach'; readonly thumbnail: string | null } & FileContent)
  /** The lines that are selected in the editor. */
  | { readonly type: 'attachSelection' }
  | { readonly type: 'detach'; readonly attachment: string };

/** Which conversation is open, and what becomes of those that are kept. */
export type ConversationRequest =
  | { readonly type: 'newConversation' }
  | { readonly type: 'openConversation'; readonly conversation: string }
  | { readonly type: 'rename'; readonly conversation: string; readonly title: string }
  | { readonly type: 'remove'; readonly conversation: string }
  /** Bring back what was removed last. */
  | { readonly type: 'restore' }
  /** Begin a conversation with copies of the turns up to this one. */
  | { readonly type: 'fork'; readonly turn: string }
  /** The open conversation as a file, which is answered with. */
  | { readonly type: 'export'; readonly as: 'json' | 'markdown' }
  /** Open the conversation in a file. */
  | { readonly type: 'import'; readonly content: string }
  /** Look for words in all that was said, which is answered with what is found. */
  | { readonly type: 'search'; readonly words: string };

/** In which session the conversation goes on. */
export type SessionRequest =
  /** One of a new id. */
  | { readonly type: 'newSession' }
  /** This one, for this actor. */
  | { readonly type: 'identify'; readonly actorId: string | null; readonly sessionId: string }
  /** End the session's machine, and all that runs on it. */
  | { readonly type: 'stopSession' }
  /** Tell what its machines printed, and what befell them. */
  | { readonly type: 'showMachines' };

/** Whom one talks to. */
export type SourceRequest =
  /** Talk to another agent, in a new session. */
  | { readonly type: 'chooseAgent'; readonly agent: string }
  /** List the tools of the agent, in the conversation's session. */
  | { readonly type: 'listTools' }
  /** The token that is wanted for an agent; null to send none. */
  | { readonly type: 'token'; readonly agent: string; readonly token: string | null }
  /** Look at AWS, or talk to an agent there. */
  | { readonly type: 'aws'; readonly request: AwsRequest }
  /** The connection is gone: start what is to be connected to. */
  | { readonly type: 'reconnect' };

/** What an agent is sent whose payload is its own affair. */
export type TemplateRequest = {
  readonly type: 'keepTemplate';
  readonly agent: string;
  /** Null for the default. */
  readonly template: PayloadTemplate | null;
};

/** Where code of an answer goes. */
export type CodeRequest =
  /** To where the editor's cursor is. */
  | { readonly type: 'insertCode'; readonly text: string }
  /** Into an editor of its own; the language is the one that its author named, if any. */
  | { readonly type: 'openCode'; readonly text: string; readonly language: string };
