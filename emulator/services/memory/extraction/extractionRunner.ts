import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { EventSession } from '../eventSession.ts';
import { newRecordId } from '../recordStore.ts';
import type { Strategy } from '../strategies.ts';
import { consolidate, type RecordChange } from './consolidation.ts';
import type { Extractor, InsightKind, ConversationMessage } from './extractor.ts';
import { labelKeys, type MetadataLabels } from './labels.ts';
import type { ExtractionQueue } from './extractionQueue.ts';
import { resolveNamespace, type NamespaceVariables } from './namespace.ts';
import type { TokenMeter } from './tokenMeter.ts';

/** What came of reading turns for a strategy, to be kept or to be tried again. */
export type ExtractionOutcome =
  | {
      readonly strategy: string;
      readonly namespace: string;
      readonly labels: MetadataLabels;
      readonly changes: readonly RecordChange[];
    }
  | { readonly strategy: string; readonly failure: string };

/** What is read, and for which strategy. */
export interface ExtractionInput {
  readonly conversation: EventSession;
  readonly strategy: Strategy;
  readonly turns: readonly ConversationMessage[];
  readonly variables: NamespaceVariables;
  /** What all of these turns have in common, and their records are to have. */
  readonly labels: MetadataLabels;
  /** Whether it failed before and somebody wants it all the same. */
  readonly isStarted: boolean;
}

/** Reads turns, and keeps what was read. */
export interface ExtractionRunner {
  /** Null where a strategy has no place for it, by a variable that nobody gave a value. */
  make(material: ExtractionInput): Promise<ExtractionOutcome | null>;
  keep(memory: string, outcome: Extract<ExtractionOutcome, { readonly namespace: string }>): void;
}

/** What is kept of one reading, for a strategy: a transaction that others wait for has an end. */
const MOST_INSIGHTS = 500;

/** AWS's own word for more than is allowed in a minute. */
const RATE_EXCEEDED = 'LTM_RATE_EXCEEDED';

/** Reads by an extractor, as long as the meter allows. */
export function createExtractionRunner({
  ledger,
  extractor,
  meter,
  clock,
  logger,
}: {
  ledger: Pick<ExtractionQueue, 'known' | 'apply'>;
  extractor: Extractor;
  meter: TokenMeter;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): ExtractionRunner {
  return {
    async make({ conversation, strategy, turns, variables, labels, isStarted }) {
      const { memory, session } = conversation;
      const { strategyId, name } = strategy;
      const namespace = resolveNamespace(strategy, conversation, variables);
      const [variable] = /\{\w+\}/.exec(namespace) ?? [];
      if (variable !== undefined) {
        logger.warn(
          `${memory}: the strategy ${name} makes no records of the session ${session}: its namespace '${strategy.namespace}' has ${variable}, to which extractionConfig.namespaceVariables give no value`,
        );
        return null;
      }
      if (!meter(turns, isStarted)) return failed(RATE_EXCEEDED);
      const place = { namespace, strategy: strategyId, keys: labelKeys(strategy), labels };
      const known = ledger.known(memory, place);
      try {
        const insights = await extractor.extract(kindOf(strategy), { session, turns }, known);
        if (insights.length > MOST_INSIGHTS) {
          logger.warn(
            `${memory}: the strategy ${name} finds ${insights.length} things at once in the session ${session}, and keeps the last ${MOST_INSIGHTS}`,
          );
        }
        const changes = consolidate(known, insights.slice(-MOST_INSIGHTS));
        return { strategy: strategyId, namespace, labels, changes };
      } catch (error) {
        return failed(`EXTRACTOR_FAILED: ${(error as Error).message}`);
      }

      function failed(failure: string): ExtractionOutcome {
        logger.warn(
          `${memory}: the strategy ${name} failed for the session ${session}: ${failure}. ListMemoryExtractionJobs has it, StartMemoryExtractionJob tries again`,
        );
        return { strategy: strategyId, failure };
      }
    },
    keep(memory, { strategy, namespace, labels, changes }) {
      const now = clock.now();
      const values = Object.entries({ ...labels, extractor: extractor.name });
      const metadata = JSON.stringify(
        Object.fromEntries(values.map(([key, stringValue]) => [key, { stringValue }])),
      );
      for (const change of changes) {
        const id = newRecordId();
        const record = { id, namespace, strategy, metadata, createdAt: now, updatedAt: now };
        ledger.apply(memory, change, record);
      }
    },
  };
}

const kinds: readonly (readonly [RegExp, InsightKind])[] = [
  [/^SEMANTIC/, 'facts'],
  [/^USER_PREFERENCE/, 'preferences'],
  [/^SUMMAR/, 'summary'],
  [/^EPISODIC/, 'episode'],
];

/** What a strategy looks for; a custom one as the kind that it overrides. */
function kindOf({ type, configuration }: Strategy): InsightKind {
  const name = type === 'CUSTOM' ? (configuration?.type ?? '') : type;
  // Strategies of no known kind are refused when they are made.
  return kinds.find(([pattern]) => pattern.test(name))![1];
}
