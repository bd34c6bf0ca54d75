import type { ConversationSummary } from '../../../shared/chat/conversation.ts';
import type { Target } from '../../../shared/target.ts';
import type { Turn } from '../../../shared/chat/turn.ts';
import type { Subscribe } from '../../emitter.ts';
import type { RememberedSession } from '../session/sessionWatch.ts';

/** A conversation without its turns. */
export interface ConversationHead extends ConversationSummary, RememberedSession {
  /** Target of the last turn; null if there was no agent yet. */
  readonly target: Target | null;
  readonly actorId: string | null;
  readonly sessionId: string;
}

/** A conversation with its turns. */
export interface Conversation {
  readonly head: ConversationHead;
  readonly turns: readonly Turn[];
}

/** Stores conversations. Writes happen in the order of their calls, and failures are reported. */
export interface ConversationStore {
  /** All conversations, the last used first. */
  heads(): readonly ConversationHead[];
  /** The turns of a conversation, oldest first. */
  turns(id: string): Promise<readonly Turn[]>;
  /** Stores the changes of a head. */
  saveHead(head: ConversationHead): void;
  /** Stores a turn; it replaces a stored one with the same id. */
  saveTurn(id: string, turn: Turn): void;
  /** Removes a conversation. It can be restored as long as this program runs. */
  remove(id: string): void;
  restore(id: string): void;
  /** Reports a failure, and what to do about it. */
  readonly onProblem: Subscribe<string>;
  /** Resolves when all writes are done. */
  settled(): Promise<void>;
}
