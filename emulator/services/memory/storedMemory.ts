import type {
  IndexedKey,
  Memory,
  MemoryStatus,
  NamespaceKeyEntry,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { getStrategyStatus, type MemoryChange } from './memoryStatus.ts';
import { fromStrategy, toStrategy, namespaceVariables, type Strategy } from './strategies.ts';

/** A stored memory. Times are in milliseconds. */
export interface StoredMemory {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly encryptionKeyArn?: string | undefined;
  readonly memoryExecutionRoleArn?: string | undefined;
  /** In days. */
  readonly eventExpiryDuration: number;
  readonly strategies: readonly Strategy[];
  readonly indexedKeys?: readonly IndexedKey[] | undefined;
  readonly namespaceKeys?: readonly NamespaceKeyEntry[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent for declared and imported memories, which exist already. */
  readonly change?: MemoryChange | undefined;
  readonly createdAt: number;
  /** The start of the change. */
  readonly updatedAt: number;
}

/** Converts a stored memory to the output of the control plane. */
export function toMemory(record: StoredMemory, status: MemoryStatus): Memory {
  const { strategies, indexedKeys, namespaceKeys, change: _, ...settings } = record;
  return {
    ...settings,
    status,
    strategies: strategies.map((strategy) =>
      toStrategy(strategy, getStrategyStatus(strategy, record, status)),
    ),
    indexedKeys: indexedKeys && [...indexedKeys],
    namespaceKeys: namespaceKeys && [...namespaceKeys],
    createdAt: new Date(record.createdAt),
    updatedAt: getUpdatedAt(record, status),
  };
}

/** Returns the time of a memory's last update, which counts from its end. */
export function getUpdatedAt({ change, updatedAt }: StoredMemory, status: MemoryStatus): Date {
  return new Date(status === 'ACTIVE' ? (change?.endsAt ?? updatedAt) : updatedAt);
}

/** Converts the output form of an imported memory to a stored memory. */
export function fromMemory(
  memory: Memory & { readonly tags?: Readonly<Record<string, string>> | undefined },
  arn: string,
): StoredMemory {
  const { status: _, strategies = [], namespaceKeys, tags = {}, ...settings } = memory;
  const { id, name, description, encryptionKeyArn, memoryExecutionRoleArn, indexedKeys } = settings;
  const variables = namespaceVariables(namespaceKeys);
  return {
    id: id!,
    arn,
    name: name!,
    description,
    encryptionKeyArn,
    memoryExecutionRoleArn,
    eventExpiryDuration: settings.eventExpiryDuration!,
    strategies: strategies.map((strategy) => fromStrategy(strategy, variables)),
    indexedKeys,
    namespaceKeys,
    tags,
    createdAt: Number(settings.createdAt),
    updatedAt: Number(settings.updatedAt),
  };
}

const DAY = 24 * 60 * 60 * 1_000;

/** Returns the time at or before which accepted events have expired. */
export function expiryCutoff({ eventExpiryDuration }: StoredMemory, now: number): number {
  return now - eventExpiryDuration * DAY;
}
