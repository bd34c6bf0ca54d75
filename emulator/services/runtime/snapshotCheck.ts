import type { SnapshotCheck } from '../../../src/shared/session.ts';
import type { AgentCode, Machine } from '../../compute/compute.ts';
import { findSnapshotHazards } from './snapshotHazards.ts';

/** Explains why an agent in a container has no hazards. */
export const CONTAINER_IS_UNCHECKED =
  'The snapshot check does not cover containers. Start with --compute process to check the agent.';

/** The check of an agent that is not ready. */
export const pendingCheck: SnapshotCheck = { state: 'pending', reason: null, hazards: [] };

/** Checks an agent that is ready, which is when AWS takes the snapshot. */
export async function checkSnapshot(
  { isSnapshotted }: Pick<AgentCode, 'isSnapshotted'>,
  machine: Pick<Machine, 'identity' | 'readLoadReport'>,
): Promise<SnapshotCheck> {
  if (!isSnapshotted) {
    return unchecked('Platform V1 starts the agent anew for every session.');
  }
  const report = await machine.readLoadReport();
  if (report !== null) {
    return { state: 'checked', reason: null, hazards: findSnapshotHazards(report) };
  }
  return unchecked(
    machine.identity.kind === 'container'
      ? CONTAINER_IS_UNCHECKED
      : 'The agent’s process does not report what it does while it loads.',
  );
}

function unchecked(reason: string): SnapshotCheck {
  return { state: 'unchecked', reason, hazards: [] };
}
