import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { EventSession } from '../eventSession.ts';
import { newRecordId, recordExpiry } from '../recordStore.ts';
import type { Strategy } from '../strategies.ts';
import { consolidate, type RecordChange } from './consolidation.ts';
import type { Extractor, InsightKind, ConversationMessage } from './extractor.ts';
import { labelKeys, type MetadataLabels } from './labels.ts';
import type { ExtractionQueue } from './extractionQueue.ts';
import { readStrategyPrompts } from './strategyPrompts.ts';
import { resolveNamespace, type NamespaceVariables } from './namespace.ts';
import type { TokenMeter } from './tokenMeter.ts';

/** The result of an extraction for a strategy: changes to save, or a failure that can be retried. */
export type ExtractionOutcome =
  | {
      readonly strategy: string;
      readonly namespace: string;
      readonly labels: MetadataLabels;
      /** Days after which new records expire. Null if they do not. */
      readonly expiryDays: number | null;
      readonly changes: readonly RecordChange[];
    }
  | { readonly strategy: string; readonly failure: string };

/** Messages to extract for a strategy. */
export interface ExtractionInput {
  readonly location: EventSession;
  readonly strategy: Strategy;
  readonly messages: readonly ConversationMessage[];
  readonly variables: NamespaceVariables;
  /** Labels that all of the messages have and that their records get. */
  readonly labels: MetadataLabels;
  /** True when a failed job was started again. */
  readonly isRestart: boolean;
  /** Aborted when the emulator closes. The outcome is then a failure that is not saved. */
  readonly signal: AbortSignal;
}

/** Extracts insights from messages and saves them. */
export interface ExtractionRunner {
  /** Returns null when the strategy's namespace has a variable without a value. */
  run(input: ExtractionInput): Promise<ExtractionOutcome | null>;
  save(memory: string, outcome: Extract<ExtractionOutcome, { readonly namespace: string }>): void;
}

/** Maximum number of insights to save at once, which bounds the transaction that others wait for. */
const MAX_INSIGHTS = 500;

/** AWS's failure reason when extraction exceeds the tokens per minute. */
const RATE_EXCEEDED = 'LTM_RATE_EXCEEDED';

/** Creates a runner that uses an extractor within the limit of the meter. */
export function createExtractionRunner({
  queue,
  extractor,
  meter,
  clock,
  logger,
}: {
  queue: Pick<ExtractionQueue, 'knownInsights' | 'listInsights' | 'apply'>;
  extractor: Extractor;
  meter: TokenMeter;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): ExtractionRunner {
  return {
    async run({ location, strategy, messages, variables, labels, isRestart, signal }) {
      const { memory, session } = location;
      const { strategyId, name } = strategy;
      const namespace = resolveNamespace(strategy, location, variables);
      const [variable] = /\{\w+\}/.exec(namespace) ?? [];
      if (variable !== undefined) {
        logger.warn(
          `${memory}: strategy ${name} skips session ${session}: its namespace '${strategy.namespace}' has ${variable}, but extractionConfig.namespaceVariables gives it no value`,
        );
        return null;
      }
      if (!meter(messages, isRestart)) return fail(RATE_EXCEEDED);
      const insightLocation = {
        namespace,
        strategy: strategyId,
        keys: labelKeys(strategy),
        labels,
      };
      const known = queue.knownInsights(memory, insightLocation);
      try {
        const insights = await extractor.extract(
          insightKind(strategy),
          { session, messages },
          known,
          {
            prompts: readStrategyPrompts(strategy),
            listKnown: (limit) => queue.listInsights(memory, insightLocation, limit),
            signal,
          },
        );
        if (insights.length > MAX_INSIGHTS) {
          logger.warn(
            `${memory}: strategy ${name} found ${insights.length} insights in session ${session} and keeps the last ${MAX_INSIGHTS}`,
          );
        }
        const changes = consolidate(known, insights.slice(-MAX_INSIGHTS));
        const expiryDays = strategy.recordExpiryDurationDays ?? null;
        return { strategy: strategyId, namespace, labels, expiryDays, changes };
      } catch (error) {
        return fail(`EXTRACTOR_FAILED: ${(error as Error).message}`);
      }

      function fail(failure: string): ExtractionOutcome {
        if (signal.aborted) return { strategy: strategyId, failure };
        logger.warn(
          `${memory}: strategy ${name} failed for session ${session}: ${failure}. Find the job with ListMemoryExtractionJobs and retry it with StartMemoryExtractionJob.`,
        );
        return { strategy: strategyId, failure };
      }
    },
    save(memory, { strategy, namespace, labels, expiryDays, changes }) {
      const now = clock.now();
      const values = Object.entries({ ...labels, extractor: toMetadata(extractor.name) });
      const metadata = JSON.stringify(
        Object.fromEntries(values.map(([key, stringValue]) => [key, { stringValue }])),
      );
      for (const change of changes) {
        const id = newRecordId();
        const record = { id, namespace, strategy, metadata, createdAt: now, updatedAt: now };
        queue.apply(memory, change, { ...record, ...recordExpiry(expiryDays, now) });
      }
    },
  };
}

/** Replaces characters that a metadata value cannot contain, such as # in a URL. */
function toMetadata(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9\s._:/=+@-]/g, ' ').slice(0, 256);
}

const kinds: readonly (readonly [RegExp, InsightKind])[] = [
  [/^SEMANTIC/, 'facts'],
  [/^USER_PREFERENCE/, 'preferences'],
  [/^SUMMAR/, 'summary'],
  [/^EPISODIC/, 'episode'],
];

/** Returns the kind of insight that a strategy extracts. A custom strategy has the kind that it overrides. */
function insightKind({ type, configuration }: Strategy): InsightKind {
  const name = type === 'CUSTOM' ? (configuration?.type ?? '') : type;
  // Strategies of an unknown type are rejected when they are created.
  return kinds.find(([pattern]) => pattern.test(name))![1];
}
