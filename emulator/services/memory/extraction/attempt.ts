import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { Conversation } from '../eventStore.ts';
import { newRecordId } from '../recordStore.ts';
import type { Strategy } from '../strategies.ts';
import { consolidate, type Change } from './consolidation.ts';
import type { Extractor, Kind, Turn } from './extractor.ts';
import { labelKeys, type Labels } from './labels.ts';
import type { Ledger } from './ledger.ts';
import { namespaceOf, type NamespaceVariables } from './namespace.ts';
import type { TokenMeter } from './tokenMeter.ts';

/** What came of reading turns for a strategy, to be kept or to be tried again. */
export type Outcome =
  | {
      readonly strategy: string;
      readonly namespace: string;
      readonly labels: Labels;
      readonly changes: readonly Change[];
    }
  | { readonly strategy: string; readonly failure: string };

/** What is read, and for which strategy. */
export interface Material {
  readonly conversation: Conversation;
  readonly strategy: Strategy;
  readonly turns: readonly Turn[];
  readonly variables: NamespaceVariables;
  /** What all of these turns have in common, and their records are to have. */
  readonly labels: Labels;
  /** Whether it failed before and somebody wants it all the same. */
  readonly isStarted: boolean;
}

/** Reads turns, and keeps what was read. */
export interface Attempts {
  /** Null where a strategy has no place for it, by a variable that nobody gave a value. */
  make(material: Material): Promise<Outcome | null>;
  keep(memory: string, outcome: Extract<Outcome, { readonly namespace: string }>): void;
}

/** What is kept of one reading, for a strategy: a transaction that others wait for has an end. */
const MOST_INSIGHTS = 500;

/** AWS's own word for more than is allowed in a minute. */
const RATE_EXCEEDED = 'LTM_RATE_EXCEEDED';

/** Reads by an extractor, as long as the meter allows. */
export function createAttempts({
  ledger,
  extractor,
  meter,
  clock,
  logger,
}: {
  ledger: Pick<Ledger, 'known' | 'apply'>;
  extractor: Extractor;
  meter: TokenMeter;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): Attempts {
  return {
    async make({ conversation, strategy, turns, variables, labels, isStarted }) {
      const { memory, session } = conversation;
      const { strategyId, name } = strategy;
      const namespace = namespaceOf(strategy, conversation, variables);
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

      function failed(failure: string): Outcome {
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

const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/^SEMANTIC/, 'facts'],
  [/^USER_PREFERENCE/, 'preferences'],
  [/^SUMMAR/, 'summary'],
  [/^EPISODIC/, 'episode'],
];

/** What a strategy looks for; a custom one as the kind that it overrides. */
function kindOf({ type, configuration }: Strategy): Kind {
  const name = type === 'CUSTOM' ? (configuration?.type ?? '') : type;
  // Strategies of no known kind are refused when they are made.
  return kinds.find(([pattern]) => pattern.test(name))![1];
}
