import type { Attachment } from '../attachment.ts';
import type { PayloadTemplate } from '../payloadTemplate.ts';
import type { AnswerEvent } from './answer.ts';
import type { ConversationSummary, OpenedConversation } from './conversation.ts';
import type { SocketStatus } from './socketStatus.ts';
import type { Opening, SessionStatus } from './session.ts';
import type { SourceState } from './source.ts';
import type { Outcome } from './turn.ts';

/** One step of the chat's state. */
export type ChatChange =
  /** What was asked for cannot be done; null where that is of no matter any more. */
  | { readonly type: 'problem'; readonly problem: string | null }
  /** The agents can be reached, or no longer, or have become others. */
  | ({ readonly type: 'source' } & SourceState)
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
  /** In these, which are not open, an answer is still coming. */
  | { readonly type: 'answering'; readonly conversations: readonly string[] }
  /** These and no others are kept. */
  | { readonly type: 'listed'; readonly conversations: readonly ConversationSummary[] }
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
  /** What becomes of the web socket to the agent. */
  | { readonly type: 'socket'; readonly socket: SocketStatus | null }
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
      readonly isUnasked?: true;
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
