import type { BranchFilter, CreateEventInput } from '@aws-sdk/client-bedrock-agentcore';
import { invalid, notFound, WireError } from '../../wire/errors.ts';
import type { BranchStore, RootEvent } from './branchStore.ts';
import type { EventSession } from './eventSession.ts';
import type { EventRange, EventStore } from './eventStore.ts';

/** AWS's name for the branch that every session has. */
export const MAIN_BRANCH = 'main';

/** What a filter asks for: a branch by itself, or with what led to it; `rootOf` knows where one began. */
export function eventRanges(
  { name = MAIN_BRANCH, includeParentBranches = false }: BranchFilter,
  rootOf: (branch: string) => RootEvent | undefined,
): EventRange[] {
  const stretches: EventRange[] = [{ branch: name, upTo: null }];
  const taken = new Set([name]);
  let root = includeParentBranches && name !== MAIN_BRANCH ? rootOf(name) : undefined;
  // No branch leads to itself, but this may be asked of a file that others wrote.
  while (root && !taken.has(root.branch)) {
    const { branch, id } = root;
    stretches.push({ branch, upTo: id });
    taken.add(branch);
    root = rootOf(branch);
  }
  return stretches;
}

/** The branch that an event is to stand in; one that is new says where it begins. */
export function resolveBranch(
  { branch }: Pick<CreateEventInput, 'branch'>,
  here: EventSession,
  {
    branches,
    events,
    seen,
  }: {
    readonly branches: Pick<BranchStore, 'rootOf'>;
    readonly events: Pick<EventStore, 'get' | 'isKnown'>;
    /** What was accepted at this moment or before has expired. */
    readonly seen: number;
  },
): { branch: string; root: string | null } {
  const { name = MAIN_BRANCH, rootEventId } = branch ?? {};
  if (name === MAIN_BRANCH) {
    if (rootEventId === undefined) return { branch: MAIN_BRANCH, root: null };
    throw invalid(
      `branch.rootEventId: '${rootEventId}' is given for ${MAIN_BRANCH}, which begins with the session; name another branch`,
    );
  }
  const present = branches.rootOf(here, name);
  if (present) {
    if (rootEventId === undefined || rootEventId === present.id) {
      return { branch: name, root: present.id };
    }
    throw new WireError(
      'ValidationException',
      `branch.rootEventId: '${rootEventId}' is not where the branch ${name} began, which is ${present.id}`,
      { reason: 'ResourceConflict' },
    );
  }
  if (rootEventId === undefined) {
    throw invalid(
      `branch.rootEventId is missing: ${name} is new in this session, so its first event says which event it begins at`,
    );
  }
  if (events.get(here, rootEventId, seen)) return { branch: name, root: rootEventId };
  if (events.isKnown(here, rootEventId)) {
    throw new WireError(
      'ValidationException',
      `branch.rootEventId: '${rootEventId}' is an event of another session`,
      { reason: 'EventInOtherSession' },
    );
  }
  throw notFound(`branch.rootEventId: there is no event '${rootEventId}' in this session`);
}
