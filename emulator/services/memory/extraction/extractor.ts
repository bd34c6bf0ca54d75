/** What a strategy looks for in what was said. */
export type InsightKind = 'facts' | 'preferences' | 'summary' | 'episode';

/** One message of a conversation, as plain text. */
export interface ConversationMessage {
  readonly role: 'USER' | 'ASSISTANT' | 'TOOL' | 'OTHER';
  readonly text: string;
  /** The time of its event, in milliseconds. */
  readonly at: number;
}

/** What was said in a session since it was last read. */
export interface Transcript {
  readonly session: string;
  readonly turns: readonly ConversationMessage[];
}

/** Something worth remembering. */
export interface Insight {
  /** What it is about: of one subject the last that was said counts. */
  readonly subject: string;
  /** What it says, by which it is known to be the same as another; how it was said is no part of it. */
  readonly gist: string;
  /** The whole text of its record. */
  readonly text: string;
  /** A part of what an earlier gist must say if this one, which takes it back, is to replace it. */
  readonly denies?: string;
  /** When it was said: what was said later is not replaced by it. */
  readonly at: number;
}

/** An insight as a statement has it, whenever it is said. */
export type UndatedInsight = Omit<Insight, 'at'>;

/** An insight that is kept already, as a record. */
export interface KnownInsight extends Pick<Insight, 'gist' | 'at'> {
  readonly id: string;
}

/** What is kept of a subject; of most there is nothing. */
export type KnownInsights = (subject: string) => KnownInsight | undefined;

/** Makes insights of turns; a model may stand behind it, or rules. */
export interface Extractor {
  /** How its records say that they are its. */
  readonly name: string;
  /** What is worth remembering of it; `known` is what is kept in the same namespace. */
  extract(kind: InsightKind, told: Transcript, known: KnownInsights): Promise<readonly Insight[]>;
}
