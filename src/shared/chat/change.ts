import type { Attachment } from '../attachment.ts';
import type { PayloadTemplate } from '../payloadTemplate.ts';
import type { AnswerEvent } from './answer.ts';
import type { ConversationSummary, OpenedConversation } from './conversation.ts';
import type { SocketStatus } from './socketStatus.ts';
import type { ModelCallSummary } from '../session.ts';
import type { Opening, SessionStatus } from './session.ts';
import type { SourceState } from './source.ts';
import type { Outcome } from './turn.ts';

/** A change of the chat's state. */
export type ChatChange =
  /** The last request failed; null clears the problem. */
  | { readonly type: 'problem'; readonly problem: string | null }
  /** The agents, or the connection to the emulator, changed. */
  | ({ readonly type: 'source' } & SourceState)
  /** A conversation was opened, or a new one started. */
  | ({ readonly type: 'conversation' } & OpenedConversation)
  /** The conversation continues for another actor or in another session. */
  | {
      readonly type: 'identity';
      readonly actorId: string | null;
      readonly sessionId: string;
    }
  /** A conversation was stored, or its title or time changed. */
  | { readonly type: 'kept'; readonly conversation: ConversationSummary }
  /** Answers of these conversations run in the background. */
  | { readonly type: 'answering'; readonly conversations: readonly string[] }
  /** The list of stored conversations. */
  | { readonly type: 'listed'; readonly conversations: readonly ConversationSummary[] }
  | { readonly type: 'removed'; readonly conversation: string }
  /** The conversation that was removed last was restored. */
  | { readonly type: 'restored' }
  /** The attachments of the next prompt. */
  | { readonly type: 'attachments'; readonly attachments: readonly Attachment[] }
  /** The payload template of an agent changed; null for the default. */
  | {
      readonly type: 'template';
      readonly agent: string;
      readonly template: PayloadTemplate | null;
    }
  /** The status of the WebSocket to the agent changed. */
  | { readonly type: 'socket'; readonly socket: SocketStatus | null }
  /** The status of the session, or the next opening, changed. */
  | {
      readonly type: 'machine';
      readonly session: SessionStatus;
      readonly opening: Opening | null;
    }
  /** A turn started, with the state's opening. */
  | {
      readonly type: 'asked';
      readonly turn: string;
      readonly prompt: string;
      readonly isPayload?: true;
      readonly isUnprompted?: true;
      readonly attachments?: readonly Attachment[];
      readonly at: number;
    }
  /** The last turn got another run than was expected. */
  | { readonly type: 'opened'; readonly turn: string; readonly opening: Opening }
  /** The answer of a turn continued. */
  | {
      readonly type: 'answered';
      readonly turn: string;
      readonly event: AnswerEvent;
      readonly at: number;
    }
  /** A model call of the last turn ended. It may be reported after the turn ended. */
  | { readonly type: 'modelCalled'; readonly turn: string; readonly call: ModelCallSummary }
  /** A turn ended. */
  | {
      readonly type: 'closed';
      readonly turn: string;
      readonly outcome: Outcome;
      readonly at: number;
    };
