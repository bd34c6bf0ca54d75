import type { Opening } from './session.ts';
import type { Turn } from './turn.ts';

/** A conversation in the list. */
export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  /** Name of the agent at the last turn. */
  readonly agentName: string;
  readonly createdAt: number;
  /** Time of the last turn. */
  readonly updatedAt: number;
}

/** A conversation that a search found. */
export interface ConversationMatch {
  readonly conversation: string;
  /** The words, and the text around them. */
  readonly excerpt: string;
}

/** A conversation that is opened, or starts. */
export interface OpenedConversation {
  readonly conversation: string;
  /** Id of the agent, which may no longer be listed; null if there is none yet. */
  readonly agent: string | null;
  /** The user that the agent works for; null to send none. */
  readonly actorId: string | null;
  /** Identifies the session, and is unrelated to the actor. */
  readonly sessionId: string;
  /** The next turn's opening. */
  readonly opening: Opening | null;
  /** Oldest first. */
  readonly turns: readonly Turn[];
}
