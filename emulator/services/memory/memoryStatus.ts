import type { MemoryStatus, MemoryStrategyStatus } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid } from '../../wire/errors.ts';

/** Milliseconds of the clock that a memory is CREATING or UPDATING. */
export const CHANGE_MILLISECONDS = 5_000;

/** The creation or the latest update of a memory. It starts at the memory's `updatedAt`. */
export interface MemoryChange {
  readonly status: 'CREATING' | 'UPDATING';
  /** In milliseconds. */
  readonly endsAt: number;
}

/** The parts of a memory that decide its status. Times are in milliseconds. */
interface ChangingMemory {
  readonly id: string;
  readonly strategies: readonly { readonly createdAt: number }[];
  readonly change?: MemoryChange | undefined;
  readonly updatedAt: number;
}

/**
 * Returns the status of a memory at a time of the clock. After a reset of the clock, a change can
 * start in the future: it has ended.
 */
export function getMemoryStatus(
  { change, updatedAt }: Pick<ChangingMemory, 'change' | 'updatedAt'>,
  now: number,
): MemoryStatus {
  return change && updatedAt <= now && now < change.endsAt ? change.status : 'ACTIVE';
}

/** Returns the status of a memory's strategy: CREATING during the change that adds it. */
export function getStrategyStatus(
  { createdAt }: ChangingMemory['strategies'][number],
  { updatedAt }: Pick<ChangingMemory, 'updatedAt'>,
  memory: MemoryStatus,
): MemoryStrategyStatus {
  return memory !== 'ACTIVE' && createdAt === updatedAt ? 'CREATING' : 'ACTIVE';
}

/** Throws unless a memory is ACTIVE, as operations on its content require. */
export function requireActive(memory: ChangingMemory, operation: string, now: number): void {
  if (getMemoryStatus(memory, now) === 'ACTIVE') return;
  throw invalid(
    `Memory status is not active, unable to process ${operation} request. ${explainWait(memory, now)}`,
  );
}

/** Throws while a memory is changing, because it cannot be updated or deleted then. */
export function requireUnchanging(
  memory: ChangingMemory,
  operation: 'UpdateMemory' | 'DeleteMemory',
  now: number,
): void {
  const status = getMemoryStatus(memory, now);
  if (status === 'ACTIVE') return;
  const verb = operation === 'UpdateMemory' ? 'update' : 'delete';
  const isAddingStrategies = memory.strategies.some(
    (strategy) => getStrategyStatus(strategy, memory, status) === 'CREATING',
  );
  const sentence =
    verb === 'update' && status === 'UPDATING' && isAddingStrategies
      ? 'Cannot update memory while strategies are being modified'
      : `Validation failed during ${operation}: Memory is in transitional state ${status}. Cannot ${verb} memory`;
  throw invalid(`${sentence}. ${explainWait(memory, now)}`);
}

function explainWait({ id, change }: ChangingMemory, now: number): string {
  const seconds = Math.ceil(((change?.endsAt ?? now) - now) / 1_000);
  return `${id} is ${change?.status} and becomes ACTIVE in ${seconds} s. Wait until GetMemory returns ACTIVE, advance the clock, or start the emulator with --instant-resources.`;
}
