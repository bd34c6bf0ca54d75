import type {
  IndexedKey,
  Memory,
  MemoryStatus,
  NamespaceKeyEntry,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { fromStrategy, toStrategy, namespaceVariables, type Strategy } from './strategies.ts';

/** A memory as it is kept; times are milliseconds. */
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
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A memory as the control plane shows it. */
export function toMemory(record: StoredMemory, status: MemoryStatus): Memory {
  const { strategies, indexedKeys, namespaceKeys, createdAt, updatedAt, ...kept } = record;
  return {
    ...kept,
    status,
    strategies: strategies.map(toStrategy),
    indexedKeys: indexedKeys && [...indexedKeys],
    namespaceKeys: namespaceKeys && [...namespaceKeys],
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

/** The same the other way round, of a memory that is taken in from elsewhere. */
export function fromMemory(
  memory: Memory & { readonly tags?: Readonly<Record<string, string>> | undefined },
  arn: string,
): StoredMemory {
  const { status: _, strategies = [], namespaceKeys, tags = {}, ...shown } = memory;
  const { id, name, description, encryptionKeyArn, memoryExecutionRoleArn, indexedKeys } = shown;
  const variables = namespaceVariables(namespaceKeys);
  return {
    id: id!,
    arn,
    name: name!,
    description,
    encryptionKeyArn,
    memoryExecutionRoleArn,
    eventExpiryDuration: shown.eventExpiryDuration!,
    strategies: strategies.map((strategy) => fromStrategy(strategy, variables)),
    indexedKeys,
    namespaceKeys,
    tags,
    createdAt: Number(shown.createdAt),
    updatedAt: Number(shown.updatedAt),
  };
}

const DAY = 24 * 60 * 60 * 1_000;

/** What was accepted at this moment or before has expired. */
export function expiryCutoff({ eventExpiryDuration }: StoredMemory, now: number): number {
  return now - eventExpiryDuration * DAY;
}
