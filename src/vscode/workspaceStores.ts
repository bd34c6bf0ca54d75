import type * as vscode from 'vscode';
import * as z from 'zod';
import { awsTarget } from '../shared/schemas/target.ts';
import type { SavedTarget, TargetStore } from '../core/targets/awsAgents.ts';
import type { TokenStore } from '../core/targets/tokens.ts';

const TARGETS = 'targets';

const savedTarget = z.object({
  target: awsTarget,
  lifecycle: z.exactOptional(z.object({ idleSeconds: z.number(), maxSeconds: z.number() })),
}) satisfies z.ZodType<SavedTarget>;

/** Creates a store of the user's AWS targets in the workspace state. */
export function createTargetStore(memento: Pick<vscode.Memento, 'get' | 'update'>): TargetStore {
  return {
    // Targets in an unknown format are dropped.
    read: () => z.array(savedTarget).catch([]).parse(memento.get(TARGETS)),
    write: (targets) => void memento.update(TARGETS, targets),
  };
}

/**
 * Creates a store of bearer tokens in VS Code's secret storage. All workspaces share it, and local agents of two projects
 * may have the same ARN, so the key names the workspace.
 */
export function createTokenStore(
  secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>,
  workspace: string,
): TokenStore {
  const key = (agent: string) => `token ${agent} in ${workspace}`;
  return {
    get: (agent) => secrets.get(key(agent)),
    set: (agent, token) =>
      token === undefined ? secrets.delete(key(agent)) : secrets.store(key(agent), token),
  };
}
