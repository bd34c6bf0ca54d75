import type { IndexedKey } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid, quotaExceeded } from '../../wire/errors.ts';
import type { Strategy } from './strategies.ts';

/** AWS's quota for a memory. */
const MOST_STRATEGIES = 6;

/** Refuses what the strategies of one memory cannot be together; `field` is where they were given. */
export function validateStrategies(
  {
    strategies,
    indexedKeys,
  }: {
    readonly strategies: readonly Strategy[];
    readonly indexedKeys?: readonly IndexedKey[] | undefined;
  },
  field: 'memoryStrategies' | 'strategies',
): void {
  const name = repeated(strategies.map((strategy) => strategy.name));
  if (name !== undefined) throw invalid(`${field}: two strategies are named ${name}`);
  const id = repeated(strategies.map(({ strategyId }) => strategyId));
  if (id !== undefined) throw invalid(`${field}: two strategies have the strategyId ${id}`);
  if (strategies.length > MOST_STRATEGIES) {
    throw quotaExceeded(
      `${field}: a memory has ${MOST_STRATEGIES} strategies at most, not ${strategies.length}`,
    );
  }
  for (const strategy of strategies) demandLabels(strategy, indexedKeys);
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}

/** AWS's quota for a strategy. */
const MOST_LABELS = 3;

/** Refuses a strategy whose schema passes on what cannot be passed on, or not be found again. */
function demandLabels(strategy: Strategy, indexed: readonly IndexedKey[] = []): void {
  const { name, type, memoryRecordSchema } = strategy;
  const strict = (memoryRecordSchema?.metadataSchema ?? []).filter(
    ({ extractionType }) => extractionType === 'STRICTLY_CONSISTENT',
  );
  const refuse = (why: string): never => {
    throw invalid(`memoryRecordSchema.metadataSchema of the strategy ${name}: ${why}`);
  };
  if (strict.length > MOST_LABELS) {
    refuse(
      `it has ${strict.length} keys that are STRICTLY_CONSISTENT; ${MOST_LABELS} are the most`,
    );
  }
  for (const { key, type: valueType = 'STRING', extractionConfig } of strict) {
    const is = `'${key}' is STRICTLY_CONSISTENT`;
    if (type === 'SUMMARIZATION') refuse(`${is}, which the keys of summaries cannot be`);
    if (valueType !== 'STRING') refuse(`${is} and of type ${valueType}; such keys are STRING`);
    if (extractionConfig) refuse(`${is}, so it takes no extractionConfig`);
    const index = indexed.find((each) => each.key === key);
    if (index?.type !== 'STRING') {
      refuse(`${is}, so the memory's indexedKeys are to have it with the type STRING`);
    }
  }
}
