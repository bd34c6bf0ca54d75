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

/** A conversation, whole. */
export interface Conversation {
  readonly head: ConversationHead;
  readonly turns: readonly Turn[];
}

/** Where conversations are kept. What is asked for is done in its order, and failures are told. */
export interface ConversationStore {
  /** All that are kept, the one that was used last first. */
  heads(): readonly ConversationHead[];
  /** The turns of one of them, oldest first. */
  turns(id: string): Promise<readonly Turn[]>;
  /** Keeps what is new of a head. */
  keep(head: ConversationHead): void;
  /** Keeps a turn as it is now; one of the same id is replaced. */
  keepTurn(id: string, turn: Turn): void;
  /** Takes a conversation away; it can be brought back as long as this lives. */
  remove(id: string): void;
  restore(id: string): void;
  /** Tells what cannot be kept, and what to do about it. */
  readonly onProblem: Subscribe<string>;
  /** Resolves when all that was asked for is done. */
  settled(): Promise<void>;
}
