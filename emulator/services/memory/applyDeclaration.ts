import { isDeepStrictEqual } from 'node:util';
import { declaredMemoryName } from './declaredMemoryId.ts';
import type { DeclaredMemory } from '../../declaredMemory.ts';
import type { StoredMemory } from './storedMemory.ts';
import { newStrategy, namespaceVariables, type Strategy } from './strategies.ts';

/** Applies a project's declaration to its memory. Content and the ids of unchanged strategies stay. */
export function applyDeclaration(
  identity: Pick<StoredMemory, 'id' | 'arn'>,
  declared: DeclaredMemory,
  existing: StoredMemory | undefined,
  now: number,
): StoredMemory {
  const {
    project: _,
    root: _root,
    name: _name,
    memoryStrategies = [],
    tags = {},
    ...settings
  } = declared;
  const strategies = memoryStrategies.map((input) => {
    const declaredStrategy = newStrategy(input, namespaceVariables(), now);
    const existingStrategy = existing?.strategies.find(
      (strategy) => strategy.name === declaredStrategy.name,
    );
    return existingStrategy && existingStrategy.type === declaredStrategy.type
      ? updateDeclared(existingStrategy, declaredStrategy)
      : declaredStrategy;
  });
  const record = {
    ...identity,
    ...settings,
    name: declaredMemoryName(declared),
    strategies,
    tags,
    createdAt: existing?.createdAt ?? now,
    updatedAt: existing?.updatedAt ?? now,
  };
  return existing && isSameJson(record, existing) ? existing : { ...record, updatedAt: now };
}

function updateDeclared(existingStrategy: Strategy, declaredStrategy: Strategy): Strategy {
  const { strategyId, createdAt, updatedAt } = existingStrategy;
  const strategy = { ...declaredStrategy, strategyId, createdAt, updatedAt };
  return isSameJson(strategy, existingStrategy)
    ? existingStrategy
    : { ...strategy, updatedAt: declaredStrategy.updatedAt };
}

/** Compares the JSON forms, in which undefined members do not count. */
function isSameJson(left: object, right: object): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right)));
}
