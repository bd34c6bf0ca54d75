import type { Opening } from './session.ts';
import type { Turn } from './turn.ts';

/** A conversation in the list of all. */
export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  /** Name of the agent at the last turn. */
  readonly agentName: string;
  readonly createdAt: number;
  /** When it was last written in. */
  readonly updatedAt: number;
}

/** A conversation in which words were found. */
export interface ConversationMatch {
  readonly conversation: string;
  /** Of the line where they are, what stands around them. */
  readonly excerpt: string;
}

/** A conversation that is opened, or begins. */
export interface OpenedConversation {
  readonly conversation: string;
  /** Id of the agent, which may no longer be listed; null if there is none yet. */
  readonly agent: string | null;
  /** The user for whom the agent works, as it is told; null where it is told none. */
  readonly actorId: string | null;
  /** The agent's machine goes by this, and its memory of the conversation; it is nobody's name. */
  readonly sessionId: string;
  /** What the next turn will open with. */
  readonly opening: Opening | null;
  /** Oldest first. */
  readonly turns: readonly Turn[];
}
