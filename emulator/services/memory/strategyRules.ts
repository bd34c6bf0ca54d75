import type { IndexedKey, MemoryStrategyInput } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid, quotaExceeded } from '../../wire/errors.ts';
import { findReflectionNamespace } from './reflection.ts';
import { strategyTypes, type Strategy } from './strategies.ts';

/** AWS quota for strategies of a memory. */
const MAX_STRATEGIES = 6;

/** The operation that creates or changes strategies, or an import, which errors name. */
export type StrategySource = 'CreateMemory' | 'UpdateMemory' | 'import';

/** Throws when the strategies of a memory are invalid together. AWS's own sentences come first. */
export function validateStrategies(
  {
    strategies,
    memoryExecutionRoleArn,
    indexedKeys,
  }: {
    readonly strategies: readonly Strategy[];
    readonly memoryExecutionRoleArn?: string | undefined;
    readonly indexedKeys?: readonly IndexedKey[] | undefined;
  },
  source: StrategySource,
): void {
  const prefix = formatErrorPrefix(source);
  const names = findDuplicates(strategies.map((strategy) => strategy.name));
  if (names.length > 0) {
    throw invalid(`${prefix}Duplicate memory strategy names were provided: [${names.join(', ')}]`);
  }
  const [id] = findDuplicates(strategies.map(({ strategyId }) => strategyId));
  if (id !== undefined) throw invalid(`${prefix}Two strategies have the strategyId ${id}`);
  // A memory can have several custom strategies.
  const [type] = findDuplicates(
    strategies.map((strategy) => strategy.type).filter((each) => each !== 'CUSTOM'),
  );
  if (type !== undefined) throw invalid(`${prefix}${explainDuplicateType(type, strategies)}`);
  if (strategies.length > MAX_STRATEGIES) {
    throw quotaExceeded(
      `${prefix}A memory can have at most ${MAX_STRATEGIES} strategies, not ${strategies.length}`,
    );
  }
  const custom = strategies.find((strategy) => strategy.type === 'CUSTOM');
  if (custom && memoryExecutionRoleArn === undefined) {
    throw invalid(
      `${prefix}Please provide memoryExecutionRoleArn as memory contains one or more Custom strategies. The custom strategy is ${custom.name}. The emulator accepts the ARN of any role.`,
    );
  }
  for (const strategy of strategies) {
    validateReflection(strategy);
    validateStrictKeys(strategy, indexedKeys);
  }
}

/** Throws when a self-managed strategy has namespaces, which its own pipeline chooses. */
export function refuseSelfManagedNamespaces(
  inputs: readonly MemoryStrategyInput[],
  source: StrategySource,
): void {
  for (const { customMemoryStrategy: custom } of inputs) {
    if (!custom?.configuration?.selfManagedConfiguration) continue;
    if (custom.namespaces === undefined && custom.namespaceTemplates === undefined) continue;
    throw invalid(
      `${formatErrorPrefix(source)}Namespaces are not allowed for self-managed memory strategies. Remove those of ${custom.name}.`,
    );
  }
}

function formatErrorPrefix(source: StrategySource): string {
  return source === 'import' ? 'strategies: ' : `Validation failed during ${source}: `;
}

function explainDuplicateType(duplicate: string, strategies: readonly Strategy[]): string {
  const input = Object.keys(strategyTypes).find((key) => strategyTypes[key] === duplicate);
  const names = strategies.filter(({ type }) => type === duplicate).map(({ name }) => name);
  return `Only one strategy of each type is allowed. Found multiple strategies of type: ${input}. Keep one of ${names.join(', ')}.`;
}

function findDuplicates<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) < index))];
}

function validateReflection({ name, namespace, configuration = {} }: Strategy): void {
  const reflection = findReflectionNamespace(configuration);
  if (reflection === undefined || namespace.startsWith(reflection)) return;
  throw invalid(
    `Reflection namespace must be the same as or a prefix of the episodic namespace. Strategy ${name} has reflections in '${reflection}' and episodes in '${namespace}'.`,
  );
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
