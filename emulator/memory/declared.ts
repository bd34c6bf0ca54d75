import { isDeepStrictEqual } from 'node:util';
import { stableId } from '../wire/newId.ts';
import type { DeclaredMemory } from './memory.ts';
import type { KeptMemory } from './keptMemory.ts';
import { bornStrategy, variablesOf, type Strategy } from './strategies.ts';

/** What a project's memory is called here. */
export function declaredName({ project, name }: DeclaredMemory): string {
  return `${project}_${name}`;
}

/** The id by which agents find it, unless one of its name came from elsewhere. */
export function declaredId(declared: DeclaredMemory): string {
  return stableId(declaredName(declared), `${declared.root}\nmemory\n${declared.name}`);
}

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
