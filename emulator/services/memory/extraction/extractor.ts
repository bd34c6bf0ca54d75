import type { StrategyPrompts } from './strategyPrompts.ts';

/** The kind of insight that a strategy extracts. */
export type InsightKind = 'facts' | 'preferences' | 'summary' | 'episode';

/** One message of a conversation, as plain text. */
export interface ConversationMessage {
  readonly role: 'USER' | 'ASSISTANT' | 'TOOL' | 'OTHER';
  readonly text: string;
  /** The time of its event, in milliseconds. */
  readonly at: number;
}

/** The messages of a session since the last extraction. */
export interface Transcript {
  readonly session: string;
  readonly messages: readonly ConversationMessage[];
}

/** Something to remember, extracted from messages. */
export interface Insight {
  /** The topic. The latest insight on a subject counts. */
  readonly subject: string;
  /** The normalized statement, by which equal insights are recognized. */
  readonly gist: string;
  /** The text of the record. */
  readonly text: string;
  /** Set if this insight retracts an earlier one: text that the earlier gist must contain to be replaced. */
  readonly retracts?: string;
  /** The time of the message, in milliseconds. A later insight is not replaced. */
  readonly at: number;
}

/** An insight of a statement, without a time. */
export type UndatedInsight = Omit<Insight, 'at'>;

/** An insight that a record already contains. */
export interface KnownInsight extends Pick<Insight, 'gist' | 'at'> {
  readonly id: string;
}

/** Looks up the known insight on a subject. */
export type KnownInsights = (subject: string) => KnownInsight | undefined;

/** A known insight with its subject. */
export type NamedInsight = Pick<Insight, 'subject' | 'gist'>;

/** Input that a model needs in addition to the messages. Rules ignore it. */
export interface ExtractionContext {
  readonly prompts: StrategyPrompts;
  /** Returns the latest known insights in the namespace, newest first. */
  listKnown(limit: number): readonly NamedInsight[];
  /** Aborted when the emulator closes. */
  readonly signal: AbortSignal;
}

/** Extracts insights from messages, with rules or a model. */
export interface Extractor {
  /** The name that its records carry in their metadata. */
  readonly name: string;
  /** Extracts insights. `known` looks up insights in the same namespace. */
  extract(
    kind: InsightKind,
    transcript: Transcript,
    known: KnownInsights,
    context: ExtractionContext,
  ): Promise<readonly Insight[]>;
}
