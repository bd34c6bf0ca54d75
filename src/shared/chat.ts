import type { Attachment, FileContent } from './attachment.ts';
import type { AgentProtocol } from './emulator.ts';
import type { Authorization, AwsRequest, AwsView, TokenWanted, Toolbox } from './targets.ts';
import type { PayloadTemplate, TemplateTable } from './payloadTemplate.ts';
import type { EndReason } from './session.ts';

// The chat protocol: everything that a chat view and its host say to each other, whether the view is
// VS Code's webview or the emulator's page. The host keeps the state and tells every change of it;
// both ends apply a change by `applyChange` (chatState.ts), so all views of a host show the same.

/** An agent that one can talk to, in whatever protocol it speaks. */
export interface ChatAgent {
  /** Whatever the host knows it by; to the view it is opaque. */
  readonly id: string;
  readonly name: string;
  readonly protocol: AgentProtocol;
  /** Null for a local one. */
  readonly deployment: Deployment | null;
}

/** Where in AWS an agent is, which must never be mistaken. */
export interface Deployment {
  readonly region: string;
  readonly account: string;
  readonly qualifier: string;
  readonly authorization: Authorization;
}

/** Whether the agents can be reached. */
export type Connection =
  | { readonly state: 'starting' }
  | { readonly state: 'ready' }
  | { readonly state: 'gone'; readonly why: string };

/** A piece of an answer that is shown by itself. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | ToolPart
  /** A guardrail came between, in its words. */
  | { readonly type: 'guardrail'; readonly text: string }
  /** JSON of which nobody knows what it means. */
  | { readonly type: 'data'; readonly json: string }
  /** What the reader of the answer has to say about it, such as what it left out. */
  | { readonly type: 'notice'; readonly text: string };

/** The use of a tool. */
export interface ToolPart {
  readonly type: 'tool';
  /** Unlike those of the turn's other tool uses. */
  readonly id: string;
  readonly name: string;
  /** The arguments, which are JSON once they are complete. */
  readonly input: string;
  /** Null until it has come, and for ever where the agent does not tell it. */
  readonly result: ToolResult | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** What a tool gave back. */
export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
}

/** What an answer took, as far as the agent says. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costInDollars?: number;
}

/** What an agent's answer consists of, as it comes. */
export type AnswerEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'tool'; readonly id: string; readonly name: string }
  /** More of the arguments of a tool that was named before. */
  | { readonly type: 'toolInput'; readonly id: string; readonly json: string }
  | { readonly type: 'toolResult'; readonly id: string; readonly result: ToolResult }
  | { readonly type: 'guardrail'; readonly text: string }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'data'; readonly json: string }
  /** All that the answer took so far; it takes the place of what was said before. */
  | { readonly type: 'usage'; readonly usage: Usage };

/** Why a turn failed, in the words of whoever refused: the agent, the service or the network. */
export interface Failure {
  /** The error's name, such as RuntimeClientError. */
  readonly name: string;
  /** The whole message; a traceback is part of it. */
  readonly message: string;
}

/** How a turn ended; each one ends exactly once. */
export type Outcome =
  | { readonly type: 'completed' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'cancelled' };

/** What is known of the machine behind the conversation's session. */
export type SessionStatus =
  /** Whoever runs it does not tell, or cannot be asked just now. */
  | { readonly state: 'unknown' }
  /** There is none yet: the first prompt starts it. */
  | { readonly state: 'none' }
  | { readonly state: 'starting' | 'active' | 'ending' }
  | {
      readonly state: 'idle';
      /** When it ends if nothing happens, in real time, ISO-8601. */
      readonly endsAt: string;
      /** What will end it then. */
      readonly limit: 'idle-timeout' | 'max-lifetime';
    }
  | {
      readonly state: 'ended';
      readonly reason: EndReason;
      /** Its last lines, where they say more than the reason. */
      readonly logTail: string | null;
    };

/** Why a turn meets a machine that has not seen the turns before it. */
export type OpeningReason =
  | EndReason
  /** One's own wish. */
  | 'new-session'
  /** The turns before it are copies from another conversation. */
  | 'forked'
  /** The turns before it are from a file. */
  | 'imported';

/** A turn that meets a machine that has not seen the turns before it. */
export interface Opening {
  readonly why: OpeningReason;
}

/** A prompt and its answer: one stream, known by its id. Times are the host's, in milliseconds. */
export interface Turn {
  readonly id: string;
  readonly prompt: string;
  /** Whether the prompt was sent as it is, a payload in JSON. */
  readonly isPayload?: true;
  /** What went with the prompt; absent where nothing did. */
  readonly attachments?: readonly Attachment[];
  /** Null where the session goes on, or is the conversation's first. */
  readonly opening: Opening | null;
  /** What of the answer has come so far, in the order in which it came. */
  readonly parts: readonly Part[];
  /** What the agent says that the answer took; null until it says so. */
  readonly usage: Usage | null;
  readonly askedAt: number;
  /** When the first part of the answer came. */
  readonly firstAt: number | null;
  readonly endedAt: number | null;
  /** Null while the answer is still coming. */
  readonly outcome: Outcome | null;
}

/** A conversation in the list of all. */
export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  /** The id of a `ChatAgent`, which need not be there any more, and its name then. */
  readonly agent: string | null;
  readonly agentName: string;
  readonly createdAt: number;
  /** When it was last written in. */
  readonly updatedAt: number;
}

/** A conversation that is opened, or begins. */
export interface OpenedConversation {
  readonly conversation: string;
  readonly agent: string | null;
  readonly actorId: string | null;
  readonly sessionId: string;
  readonly opening: Opening | null;
  readonly turns: readonly Turn[];
}

/** All that a view shows; the turns are those of one conversation, oldest first. */
export interface ChatState extends OpenedConversation {
  readonly connection: Connection;
  readonly agents: readonly ChatAgent[];
  /** The id of the conversation that is open. */
  readonly conversation: string;
  /** The id of the agent one talks to; null while there is none. */
  readonly agent: string | null;
  /** The user for whom the agent works, as it is told; null where it is told none. */
  readonly actorId: string | null;
  /** The agent's machine goes by this, and its memory of the conversation; it is nobody's name. */
  readonly sessionId: string;
  readonly session: SessionStatus;
  /** What the next turn will open with. */
  readonly opening: Opening | null;
  readonly turns: readonly Turn[];
  /** All that are kept, in no order; one without turns is not among them. */
  readonly conversations: readonly ConversationSummary[];
  /** The one that was removed last and can be brought back. */
  readonly removed: ConversationSummary | null;
  /** What will go with the next prompt. */
  readonly attachments: readonly Attachment[];
  /** What agents are sent that have a payload of their own. */
  readonly templates: TemplateTable;
  /** Why what was asked for last could not be done; null where it was. */
  readonly problem: string | null;
  /** Whether there is an editor beside the chat that takes code. */
  readonly hasEditor: boolean;
  /** What is known of AWS; null where agents there are not talked to from. */
  readonly aws: AwsView | null;
  /** What the running turn waits for, if it does. */
  readonly tokenWanted: TokenWanted | null;
  /** The tools that were listed last; null where none were. */
  readonly toolbox: Toolbox | null;
}

/** One step of the chat's state. */
export type ChatChange =
  /** What was asked for cannot be done; null where that is of no matter any more. */
  | { readonly type: 'problem'; readonly problem: string | null }
  /** The agents can be reached, or no longer, or have become others. */
  | {
      readonly type: 'source';
      readonly connection: Connection;
      readonly agents: readonly ChatAgent[];
      readonly aws: AwsView | null;
      readonly tokenWanted: TokenWanted | null;
      readonly toolbox: Toolbox | null;
    }
  /** A conversation is opened, or a new one begins. */
  | ({ readonly type: 'conversation' } & OpenedConversation)
  /** It goes on for another actor or in another session. */
  | {
      readonly type: 'identity';
      readonly actorId: string | null;
      readonly sessionId: string;
    }
  /** A conversation is kept, or is so with another title or time. */
  | { readonly type: 'kept'; readonly conversation: ConversationSummary }
  | { readonly type: 'removed'; readonly conversation: string }
  /** What was removed last is there again. */
  | { readonly type: 'restored' }
  /** These and no others will go with the next prompt. */
  | { readonly type: 'attachments'; readonly attachments: readonly Attachment[] }
  /** An agent has this template from now on; null for the default. */
  | {
      readonly type: 'template';
      readonly agent: string;
      readonly template: PayloadTemplate | null;
    }
  /** What becomes of its machine. */
  | {
      readonly type: 'machine';
      readonly session: SessionStatus;
      readonly opening: Opening | null;
    }
  /** A turn begins, with the opening that was to come. */
  | {
      readonly type: 'asked';
      readonly turn: string;
      readonly prompt: string;
      readonly isPayload?: true;
      readonly attachments?: readonly Attachment[];
      readonly at: number;
    }
  /** The last turn has met another machine than was to be expected. */
  | { readonly type: 'opened'; readonly turn: string; readonly opening: Opening }
  /** More of its answer. */
  | {
      readonly type: 'answered';
      readonly turn: string;
      readonly event: AnswerEvent;
      readonly at: number;
    }
  /** Its end. */
  | {
      readonly type: 'closed';
      readonly turn: string;
      readonly outcome: Outcome;
      readonly at: number;
    };

/** One event of an answer as it came. */
export interface RawEvent {
  readonly at: number;
  /** As server-sent events may have one. */
  readonly name: string | null;
  /** As far as it is kept. */
  readonly data: string;
  /** How many it had. */
  readonly bytes: number;
}

/** An answer as it came: its beginning and its end. */
export interface RawAnswer {
  readonly contentType: string;
  readonly first: readonly RawEvent[];
  /** How many events between them are not kept. */
  readonly leftOut: number;
  readonly last: readonly RawEvent[];
  readonly bytes: number;
}

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

/** What the host posts to a view: of its state, and what this view alone has asked for. */
export type HostMessage =
  | StateMessage
  | RawMessage
  | FileMessage
  /** In which conversations these words were said. */
  | {
      readonly type: 'found';
      readonly words: string;
      readonly conversations: readonly string[];
    }
  /** The user has asked, outside of the view, to see the list of conversations. */
  | { readonly type: 'showConversations' };

/** What a view posts to its host. */
export type ViewMessage =
  /** The view listens; nothing is posted to it before. */
  | { readonly type: 'ready' }
  /** Tell this turn's answer as it came, as far as it has come. */
  | { readonly type: 'showRaw'; readonly turn: string }
  /** Send words, or a payload as it is. */
  | { readonly type: 'send'; readonly prompt: string; readonly isPayload?: true }
  /** Cancel this turn. */
  | { readonly type: 'stop'; readonly turn: string }
  | { readonly type: 'newConversation' }
  /** Go on with this conversation in a session of a new id. */
  /** A file is to go with the next prompt. */
  | ({ readonly type: 'attach'; readonly thumbnail: string | null } & FileContent)
  /** So are the lines that are selected in the editor. */
  | { readonly type: 'attachSelection' }
  | { readonly type: 'detach'; readonly attachment: string }
  /** Send the agent's own cancel payload into the session whose turn runs. */
  | { readonly type: 'cancelWork' }
  | {
      readonly type: 'keepTemplate';
      readonly agent: string;
      readonly template: PayloadTemplate | null;
    }
  | { readonly type: 'newSession' }
  /** Go on with it for this actor, in this session. */
  | { readonly type: 'identify'; readonly actorId: string | null; readonly sessionId: string }
  | { readonly type: 'openConversation'; readonly conversation: string }
  | { readonly type: 'rename'; readonly conversation: string; readonly title: string }
  | { readonly type: 'remove'; readonly conversation: string }
  /** Bring back what was removed last. */
  | { readonly type: 'restore' }
  /** The open conversation as a file, which is answered with. */
  | { readonly type: 'export'; readonly as: 'json' | 'markdown' }
  /** Open the conversation in a file. */
  | { readonly type: 'import'; readonly content: string }
  /** Look for words in all that was said, which is answered with what is found. */
  | { readonly type: 'search'; readonly words: string }
  /** Ask the same again, or the same in other words. */
  | { readonly type: 'retry'; readonly turn: string; readonly prompt?: string }
  /** Begin a conversation with copies of the turns up to this one. */
  | { readonly type: 'fork'; readonly turn: string }
  /** The problem has been read. */
  | { readonly type: 'dismissProblem' }
  /** End the session's machine, and all that runs on it. */
  | { readonly type: 'stopSession' }
  /** Look at AWS, or talk to an agent there. */
  | { readonly type: 'aws'; readonly request: AwsRequest }
  /** List the tools of the agent, in the conversation's session. */
  | { readonly type: 'listTools' }
  /** The token that is wanted for an agent; null to send none. */
  | { readonly type: 'token'; readonly agent: string; readonly token: string | null }
  /** Talk to another agent, in a new session. */
  | { readonly type: 'chooseAgent'; readonly agent: string }
  /** Put code where the editor's cursor is. */
  | { readonly type: 'insertCode'; readonly text: string }
  /** Show code in an editor of its own; the language is the one that its author named, if any. */
  | { readonly type: 'openCode'; readonly text: string; readonly language: string }
  /** The connection is gone: start what is to be connected to. */
  | { readonly type: 'reconnect' };
