import { isDeepStrictEqual } from 'node:util';
import { declaredName } from './declaredId.ts';
import type { DeclaredMemory } from './declaredMemory.ts';
import type { KeptMemory } from './keptMemory.ts';
import { bornStrategy, variablesOf, type Strategy } from './strategies.ts';

/** A project's memory as it is described now; what it holds, and the ids of its strategies, stay. */
export function withDeclared(
  identity: Pick<KeptMemory, 'id' | 'arn'>,
  declared: DeclaredMemory,
  present: KeptMemory | undefined,
  now: number,
): KeptMemory {
  const {
    project: _,
    root: _root,
    name: _name,
    memoryStrategies = [],
    tags = {},
    ...settings
  } = declared;
  const strategies = memoryStrategies.map((input) => {
    const described = bornStrategy(input, variablesOf(), now);
    const kept = present?.strategies.find((strategy) => strategy.name === described.name);
    return kept && kept.type === described.type ? asDescribed(kept, described) : described;
  });
  const record = {
    ...identity,
    ...settings,
    name: declaredName(declared),
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
