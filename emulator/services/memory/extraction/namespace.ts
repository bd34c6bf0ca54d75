import { runInNewContext } from 'node:vm';
import type { NamespaceKeyValidation } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid } from '../../../wire/errors.ts';
import type { StoredMemory } from '../storedMemory.ts';

/** Values of the variables that a memory's namespaceKeys define. */
export type NamespaceVariables = Readonly<Record<string, string>>;

/** Replaces the variables in a strategy's namespace. Variables without a value stay. */
export function resolveNamespace(
  { namespace, strategyId }: { readonly namespace: string; readonly strategyId: string },
  { actor, session }: { readonly actor: string; readonly session: string },
  namespaceVariables: NamespaceVariables,
): string {
  const variables: NamespaceVariables = {
    ...namespaceVariables,
    memoryStrategyId: strategyId,
    strategyId,
    actorId: actor,
    sessionId: session,
  };
  const values = new Map(Object.entries(variables));
  return namespace.replace(/\{(\w+)\}/g, (unknown, name: string) => values.get(name) ?? unknown);
}

/**
 * Throws when a variable is not one of the memory's keys or its value is invalid. A missing value is
 * allowed: the strategies that need it then extract nothing.
 */
export function validateNamespaceVariables(
  { id, namespaceKeys = [] }: StoredMemory,
  namespaceVariables: NamespaceVariables,
): void {
  const values = new Map(Object.entries(namespaceVariables));
  const keys = namespaceKeys.flatMap(({ key }) => key ?? []);
  const unknown = Object.keys(namespaceVariables).find((name) => !keys.includes(name));
  if (unknown !== undefined) {
    throw invalid(
      `extractionConfig.namespaceVariables: '${unknown}' is not one of the namespaceKeys of ${id}. Keys: ${keys.join(', ') || 'none'}`,
    );
  }
  for (const { key = '', validation } of namespaceKeys) {
    const value = values.get(key);
    if (value === undefined || isValid(value, validation)) continue;
    throw invalid(
      `extractionConfig.namespaceVariables: '${value}' is not a valid value of '${key}'. The memory requires ${JSON.stringify(validation)}`,
    );
  }
}

/** Timeout of a pattern. Long enough for a simple pattern on a busy machine. */
const MATCH_TIMEOUT_MILLISECONDS = 500;

function isValid(
  value: string,
  { allowedValues, regexPattern }: NamespaceKeyValidation = {},
): boolean {
  if (allowedValues && !allowedValues.includes(value)) return false;
  if (regexPattern === undefined) return true;
  try {
    // A pattern can take exponential time even for 64 characters, so it needs a timeout.
    return runInNewContext(
      'new RegExp(`^(?:${regexPattern})$`).test(value)',
      { regexPattern, value },
      { timeout: MATCH_TIMEOUT_MILLISECONDS },
    ) as boolean;
  } catch (error) {
    throw invalid(`namespaceKeys: cannot evaluate regexPattern: ${(error as Error).message}`);
  }
}
