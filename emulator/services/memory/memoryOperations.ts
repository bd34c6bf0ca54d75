import type {
  CreateMemoryInput,
  CreateMemoryOutput,
  DeleteMemoryInput,
  DeleteMemoryOutput,
  GetMemoryInput,
  GetMemoryOutput,
  ListMemoriesInput,
  ListMemoriesOutput,
  UpdateMemoryInput,
  UpdateMemoryOutput,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { Clock } from '../../clock.ts';
import { invalid, notEmulated } from '../../wire/errors.ts';
import { refuseReserved } from '../../tags.ts';
import { newId } from '../../wire/newId.ts';
import { paginate } from '../../wire/paging.ts';
import type { Replies } from '../../wire/replies.ts';
import { getMemoryStatus, requireUnchanging } from './memoryStatus.ts';
import type { MemoryStore } from './memoryStore.ts';
import { toMemory, getUpdatedAt, type StoredMemory } from './storedMemory.ts';
import { newStrategy, updateStrategy, namespaceVariables, type Strategy } from './strategies.ts';
import { refuseSelfManagedNamespaces, validateStrategies } from './strategyRules.ts';

/** Creates the control plane operations of memories. */
export function createMemoryOperations({
  memories,
  replies,
  clock,
  changeMilliseconds,
  memoryArn,
}: {
  memories: MemoryStore;
  replies: Replies;
  clock: Clock;
  /** Time that memories are CREATING or UPDATING. */
  changeMilliseconds: number;
  memoryArn: (id: string) => string;
}) {
  function create(input: CreateMemoryInput): CreateMemoryOutput {
    const { name = '', memoryStrategies = [], namespaceKeys, streamDeliveryResources } = input;
    if (memories.list().some((memory) => memory.name === name)) {
      // The official SDK recognizes this message and uses the existing memory.
      throw invalid(
        `Validation failed during CreateMemory: Memory with name ${name} already exists`,
      );
    }
    if (streamDeliveryResources) throw notEmulated('Delivery of memory records to a stream');
    refuseReserved(input.tags ?? {});
    refuseSelfManagedNamespaces(memoryStrategies, 'CreateMemory');
    const now = clock.now();
    const id = newId(name);
    const variables = namespaceVariables(namespaceKeys);
    const record: StoredMemory = {
      id,
      arn: memoryArn(id),
      name,
      description: input.description,
      encryptionKeyArn: input.encryptionKeyArn,
      memoryExecutionRoleArn: input.memoryExecutionRoleArn,
      eventExpiryDuration: input.eventExpiryDuration!,
      strategies: memoryStrategies.map((strategy) => newStrategy(strategy, variables, now)),
      indexedKeys: input.indexedKeys,
      namespaceKeys,
      tags: input.tags ?? {},
      change: { status: 'CREATING', endsAt: now + changeMilliseconds },
      createdAt: now,
      updatedAt: now,
    };
    validateStrategies(record, 'CreateMemory');
    memories.save(record);
    return { memory: toMemory(record, 'CREATING') };
  }

  function update(input: UpdateMemoryInput): UpdateMemoryOutput {
    const existing = memories.find(input.memoryId, 'UpdateMemory');
    const now = clock.now();
    requireUnchanging(existing, 'UpdateMemory', now);
    if (input.streamDeliveryResources) {
      throw notEmulated('Delivery of memory records to a stream');
    }
    const {
      addMemoryStrategies = [],
      modifyMemoryStrategies = [],
      deleteMemoryStrategies = [],
    } = input.memoryStrategies ?? {};
    refuseSelfManagedNamespaces(addMemoryStrategies, 'UpdateMemory');
    const namespaceKeys = input.namespaceKeys ?? existing.namespaceKeys;
    const variables = namespaceVariables(namespaceKeys);
    let strategies = existing.strategies;
    for (const { memoryStrategyId } of deleteMemoryStrategies) {
      const deleted = findStrategy(
        existing,
        memoryStrategyId,
        'Cannot delete non-existent memory strategies. ',
      );
      strategies = strategies.filter((strategy) => strategy !== deleted);
    }
    for (const change of modifyMemoryStrategies) {
      const before = findStrategy(existing, change.memoryStrategyId);
      const after = updateStrategy(before, change, variables, now);
      strategies = strategies.map((strategy) => (strategy === before ? after : strategy));
    }
    const record: StoredMemory = {
      ...existing,
      description: input.description ?? existing.description,
      eventExpiryDuration: input.eventExpiryDuration ?? existing.eventExpiryDuration,
      memoryExecutionRoleArn: input.memoryExecutionRoleArn ?? existing.memoryExecutionRoleArn,
      strategies: [
        ...strategies,
        ...addMemoryStrategies.map((strategy) => newStrategy(strategy, variables, now)),
      ],
      indexedKeys: input.addIndexedKeys
        ? [...(existing.indexedKeys ?? []), ...input.addIndexedKeys]
        : existing.indexedKeys,
      namespaceKeys,
      change: { status: 'UPDATING', endsAt: now + changeMilliseconds },
      updatedAt: now,
    };
    for (const strategy of record.strategies) requireNamespaceKeys(strategy, variables);
    validateStrategies(record, 'UpdateMemory');
    memories.save(record);
    return { memory: toMemory(record, 'UPDATING') };
  }

  async function get({ memoryId }: GetMemoryInput): Promise<GetMemoryOutput> {
    const memory = memories.find(memoryId, 'GetMemory');
    return { memory: toMemory(memory, getMemoryStatus(memory, clock.now())) };
  }

  async function list(input: ListMemoriesInput): Promise<ListMemoriesOutput> {
    const { items, nextToken } = paginate('memories', memories.list(), ({ name }) => name, input);
    const now = clock.now();
    return {
      memories: items.map((memory) => {
        const status = getMemoryStatus(memory, now);
        return {
          id: memory.id,
          arn: memory.arn,
          status,
          createdAt: new Date(memory.createdAt),
          updatedAt: getUpdatedAt(memory, status),
        };
      }),
      nextToken,
    };
  }

  function remove({ memoryId }: DeleteMemoryInput): DeleteMemoryOutput {
    const memory = memories.find(memoryId, 'DeleteMemory');
    requireUnchanging(memory, 'DeleteMemory', clock.now());
    memories.remove(memory.id);
    return { memoryId: memory.id, status: 'DELETING' };
  }

  return {
    CreateMemory: {
      handle: (input: CreateMemoryInput) =>
        replies.once('CreateMemory', input, () => create(input)),
    },
    GetMemory: { handle: get },
    ListMemories: { handle: list },
    UpdateMemory: {
      handle: (input: UpdateMemoryInput) =>
        replies.once(`UpdateMemory ${input.memoryId}`, input, () => update(input)),
    },
    DeleteMemory: {
      handle: (input: DeleteMemoryInput) =>
        replies.once(`DeleteMemory ${input.memoryId}`, input, () => remove(input)),
    },
  };
}

/** Finds a strategy. Throws when it does not exist, with AWS's sentence first. */
function findStrategy(
  { id, strategies }: StoredMemory,
  strategyId: string | undefined,
  sentence = '',
): Strategy {
  const found = strategies.find((strategy) => strategy.strategyId === strategyId);
  if (found) return found;
  const known = strategies.map((strategy) => strategy.strategyId).join(', ') || 'none';
  throw invalid(
    `${sentence}Strategy '${strategyId}' does not exist in ${id}. Strategies: ${known}`,
  );
}

/** Throws when an update removes a namespace key that a strategy still uses. */
function requireNamespaceKeys({ name, namespace }: Strategy, variables: readonly string[]): void {
  const missing = (namespace.match(/(?<=\{)\w+(?=\})/g) ?? []).find(
    (key) => !variables.includes(key),
  );
  if (missing === undefined) return;
  throw invalid(
    `namespaceKeys: '${missing}' is missing, but the namespace '${namespace}' of strategy ${name} uses it. Change the namespace first.`,
  );
}
