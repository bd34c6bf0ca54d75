import type { BranchFilter } from '@aws-sdk/client-bedrock-agentcore';

/** AWS's name for the branch that every session has. */
export const MAIN = 'main';

/** A part of a session's events: a branch, from its beginning up to an event. */
export interface Stretch {
  readonly branch: string;
  /** The id of the last event of it; null for all there are. */
  readonly upTo: string | null;
}

/** The event at which a branch left another, and the branch that it stands in. */
export interface Root {
  readonly id: string;
  readonly branch: string;
}

/** What a filter asks for: a branch by itself, or with what led to it; `rootOf` knows where one began. */
export function stretchesOf(
  { name = MAIN, includeParentBranches = false }: BranchFilter,
  rootOf: (branch: string) => Root | undefined,
): Stretch[] {
  const stretches: Stretch[] = [{ branch: name, upTo: null }];
  let root = includeParentBranches && name !== MAIN ? rootOf(name) : undefined;
  while (root) {
    const { branch, id } = root;
    stretches.push({ branch, upTo: id });
    root = rootOf(branch);
  }
  return stretches;
}
