import type { IndexedKey } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid, quotaExceeded } from '../../wire/errors.ts';
import type { Strategy } from './strategies.ts';

/** AWS quota for strategies of a memory. */
const MAX_STRATEGIES = 6;

/** Throws when the strategies of a memory are invalid together. `field` is the input member that errors name. */
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
  const name = findDuplicate(strategies.map((strategy) => strategy.name));
  if (name !== undefined) throw invalid(`${field}: two strategies are named ${name}`);
  const id = findDuplicate(strategies.map(({ strategyId }) => strategyId));
  if (id !== undefined) throw invalid(`${field}: two strategies have the strategyId ${id}`);
  if (strategies.length > MAX_STRATEGIES) {
    throw quotaExceeded(
      `${field}: a memory can have at most ${MAX_STRATEGIES} strategies, not ${strategies.length}`,
    );
  }
  for (const strategy of strategies) validateStrictKeys(strategy, indexedKeys);
}

function findDuplicate(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}

/** AWS quota for strictly consistent metadata keys of a strategy. */
const MAX_STRICT_KEYS = 3;

/** Throws when a strictly consistent metadata key is not supported or not indexed. */
function validateStrictKeys(strategy: Strategy, indexed: readonly IndexedKey[] = []): void {
  const { name, type, memoryRecordSchema } = strategy;
  const strictKeys = (memoryRecordSchema?.metadataSchema ?? []).filter(
    ({ extractionType }) => extractionType === 'STRICTLY_CONSISTENT',
  );
  const reject = (reason: string): never => {
    throw invalid(`memoryRecordSchema.metadataSchema of strategy ${name}: ${reason}`);
  };
  if (strictKeys.length > MAX_STRICT_KEYS) {
    reject(`${strictKeys.length} keys are STRICTLY_CONSISTENT; the maximum is ${MAX_STRICT_KEYS}`);
  }
  for (const { key, type: valueType = 'STRING', extractionConfig } of strictKeys) {
    const subject = `'${key}' is STRICTLY_CONSISTENT`;
    if (type === 'SUMMARIZATION') reject(`${subject}, which summary strategies do not support`);
    if (valueType !== 'STRING')
      reject(`${subject} and must have the type STRING, not ${valueType}`);
    if (extractionConfig) reject(`${subject} and takes no extractionConfig`);
    const index = indexed.find((each) => each.key === key);
    if (index?.type !== 'STRING') {
      reject(`${subject}. Add it to the memory's indexedKeys with the type STRING.`);
    }
  }
}
