import { runInNewContext } from 'node:vm';
import type { NamespaceKeyValidation } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid } from '../../../wire/errors.ts';
import type { StoredMemory } from '../storedMemory.ts';

/** The values that an event gives to the variables of its memory's own. */
export type NamespaceVariables = Readonly<Record<string, string>>;

/** A strategy's namespace with its variables filled in. */
export function resolveNamespace(
  { namespace, strategyId }: { readonly namespace: string; readonly strategyId: string },
  { actor, session }: { readonly actor: string; readonly session: string },
  own: NamespaceVariables,
): string {
  const variables: NamespaceVariables = {
    ...own,
    memoryStrategyId: strategyId,
    strategyId,
    actorId: actor,
    sessionId: session,
  };
  const values = new Map(Object.entries(variables));
  return namespace.replace(/\{(\w+)\}/g, (unknown, name: string) => values.get(name) ?? unknown);
}

/**
 * Refuses values that the memory does not know or allow. What lacks one is kept all the same, and the
 * strategies that need it make nothing of it.
 */
export function validateNamespaceVariables(
  { id, namespaceKeys = [] }: StoredMemory,
  own: NamespaceVariables,
): void {
  const values = new Map(Object.entries(own));
  const keys = namespaceKeys.flatMap(({ key }) => key ?? []);
  const unknown = Object.keys(own).find((name) => !keys.includes(name));
  if (unknown !== undefined) {
    throw invalid(
      `extractionConfig.namespaceVariables: '${unknown}' is none of the namespaceKeys of ${id}; there are ${keys.join(', ') || 'none'}`,
    );
  }
  for (const { key = '', validation } of namespaceKeys) {
    const value = values.get(key);
    if (value === undefined || meets(value, validation)) continue;
    throw invalid(
      `extractionConfig.namespaceVariables: '${value}' is no value of '${key}', for which the memory demands ${JSON.stringify(validation)}`,
    );
  }
}

/** Of a machine that is busy with other things, too: in its time a plain pattern is to match. */
const LONGEST_MATCH_MILLISECONDS = 500;

function meets(
  value: string,
  { allowedValues, regexPattern }: NamespaceKeyValidation = {},
): boolean {
  if (allowedValues && !allowedValues.includes(value)) return false;
  if (regexPattern === undefined) return true;
  try {
    // A pattern may take a value of 64 letters for ever: it is stopped.
    return runInNewContext(
      'new RegExp(`^(?:${regexPattern})$`).test(value)',
      { regexPattern, value },
      { timeout: LONGEST_MATCH_MILLISECONDS },
    ) as boolean;
  } catch (error) {
    throw invalid(`namespaceKeys: the memory's regexPattern: ${(error as Error).message}`);
  }
}
