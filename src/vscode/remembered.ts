import type * as vscode from 'vscode';
import * as z from 'zod';
import { deployedTarget } from '../core/targets/awsRequest.ts';
import type { TargetMemory } from '../core/targets/targets.ts';
import type { TokenStore } from '../core/targets/tokens.ts';

const TARGETS = 'targets';

/** Keeps the targets in AWS that the user has named with the workspace. */
export function targetsIn(memento: Pick<vscode.Memento, 'get' | 'update'>): TargetMemory {
  return {
    // What is there and is no target any more is forgotten.
    read: () => z.array(deployedTarget).catch([]).parse(memento.get(TARGETS)),
    write: (targets) => void memento.update(TARGETS, targets),
  };
}

/**
 * Keeps tokens where VS Code keeps secrets, which are those of all workspaces: local agents of two
 * projects may have the same ARN.
 */
export function tokensIn(
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
