import { isDeepStrictEqual } from 'node:util';
import { declaredMemoryName } from './declaredMemoryId.ts';
import type { DeclaredMemory } from './declaredMemory.ts';
import type { StoredMemory } from './storedMemory.ts';
import { newStrategy, namespaceVariables, type Strategy } from './strategies.ts';

/** A project's memory as it is described now; what it holds, and the ids of its strategies, stay. */
export function applyDeclaration(
  identity: Pick<StoredMemory, 'id' | 'arn'>,
  declared: DeclaredMemory,
  present: StoredMemory | undefined,
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
    const described = newStrategy(input, namespaceVariables(), now);
    const kept = present?.strategies.find((strategy) => strategy.name === described.name);
    return kept && kept.type === described.type ? asDescribed(kept, described) : described;
  });
  const record = {
    ...identity,
    ...settings,
    name: declaredMemoryName(declared),
    strategies,
    tags,
    createdAt: present?.createdAt ?? now,
    updatedAt: present?.updatedAt ?? now,
  };
  return present && isSame(record, present) ? present : { ...record, updatedAt: now };
}

function asDescribed(kept: Strategy, described: Strategy): Strategy {
  const { strategyId, createdAt, updatedAt } = kept;
  const strategy = { ...described, strategyId, createdAt, updatedAt };
  return isSame(strategy, kept) ? kept : { ...strategy, updatedAt: described.updatedAt };
}

/** Whether they are the same once they are written down: what is undefined is not. */
function isSame(one: object, other: object): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}
