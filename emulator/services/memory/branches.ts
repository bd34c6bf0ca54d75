import type { BranchFilter, CreateEventInput } from '@aws-sdk/client-bedrock-agentcore';
import { invalid, notFound, WireError } from '../../wire/errors.ts';
import type { BranchStore, RootEvent } from './branchStore.ts';
import type { EventSession } from './eventSession.ts';
import type { EventRange, EventStore } from './eventStore.ts';

/** AWS's name for the default branch of a session. */
export const MAIN_BRANCH = 'main';

/** Returns the ranges that a filter selects: a branch, optionally with its parents up to their roots. */
export function eventRanges(
  { name = MAIN_BRANCH, includeParentBranches = false }: BranchFilter,
  findRoot: (branch: string) => RootEvent | undefined,
): EventRange[] {
  const ranges: EventRange[] = [{ branch: name, upTo: null }];
  const visited = new Set([name]);
  let root = includeParentBranches && name !== MAIN_BRANCH ? findRoot(name) : undefined;
  // A file that another program wrote can contain a cycle.
  while (root && !visited.has(root.branch)) {
    const { branch, id } = root;
    ranges.push({ branch, upTo: id });
    visited.add(branch);
    root = findRoot(branch);
  }
  return ranges;
}

/** Returns the branch of a new event. The first event of a branch must name its root event. */
export function resolveBranch(
  { branch }: Pick<CreateEventInput, 'branch'>,
  location: EventSession,
  {
    branches,
    events,
    expiryTime,
  }: {
    readonly branches: Pick<BranchStore, 'findRoot'>;
    readonly events: Pick<EventStore, 'get' | 'isInOtherSession'>;
    /** Events accepted at or before this time have expired. */
    readonly expiryTime: number;
  },
): { branch: string; root: string | null } {
  const { name = MAIN_BRANCH, rootEventId } = branch ?? {};
  if (name === MAIN_BRANCH) {
    if (rootEventId === undefined) return { branch: MAIN_BRANCH, root: null };
    throw invalid(
      `branch.rootEventId: ${MAIN_BRANCH} starts with the session and has no root event. Remove '${rootEventId}' or name another branch.`,
    );
  }
  const existing = branches.findRoot(location, name);
  if (existing) {
    if (rootEventId === undefined || rootEventId === existing.id) {
      return { branch: name, root: existing.id };
    }
    throw new WireError(
      'ValidationException',
      `branch.rootEventId: branch ${name} already starts at '${existing.id}', not at '${rootEventId}'`,
      { reason: 'ResourceConflict' },
    );
  }
  if (rootEventId === undefined) {
    throw invalid(
      `branch.rootEventId is missing: branch ${name} does not exist in this session. Its first event must name its root event.`,
    );
  }
  if (events.get(location, rootEventId, expiryTime)) return { branch: name, root: rootEventId };
  if (events.isInOtherSession(location, rootEventId)) {
    throw new WireError(
      'ValidationException',
      `branch.rootEventId: event '${rootEventId}' belongs to another session`,
      { reason: 'EventInOtherSession' },
    );
  }
  throw notFound(`branch.rootEventId: event '${rootEventId}' does not exist in this session`);
}
