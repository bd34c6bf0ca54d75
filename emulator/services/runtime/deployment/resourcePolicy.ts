import { explainMismatch } from '../../../policy/decision.ts';
import { readPolicy, type Policy, type Statement } from '../../../policy/document.ts';
import { PolicyError } from '../../../policy/policyError.ts';
import { accessDenied, invalid } from '../../../wire/errors.ts';
import { refuseAsAws } from './policyRefusals.ts';

/** A request that a resource policy decides. */
export interface ResourceRequest {
  readonly action: string;
  /** The ARN of the resource that has the policy. */
  readonly resource: string;
  readonly account: string;
}

/** Parses the policy of a resource; throws a ValidationException if it is invalid. */
export function readResourcePolicy(text: string, resource: string): Policy {
  refuseAsAws(text, resource);
  try {
    return readPolicy(text, 'resource');
  } catch (error) {
    if (error instanceof PolicyError) throw invalid(`policy: ${error.message}`);
    throw error;
  }
}

/** Describes the statements without effect, whose principals a local emulator cannot know. */
export function unsupportedStatements({ statements }: Policy, account: string): string[] {
  return statements.flatMap((statement) => {
    const { name, effect, isConditional } = statement;
    if (effect === 'Allow') return [];
    if (isConditional) {
      return [`${name} has a Condition, which the emulator does not evaluate. It denies nothing.`];
    }
    if (coversEveryone(statement, account)) return [];
    return [
      `${name} names specific principals, which the emulator cannot distinguish. It denies nothing.`,
    ];
  });
}

/**
 * Returns a function that throws AccessDeniedException for what a resource's policy denies to every
 * caller. A request that no policy allows is not denied: callers belong to the runtime's own account, where
 * an
 * identity's policy is enough. A policy is parsed once, until its text changes.
 */
export function createEnforceResourcePolicy(): (
  text: string | null,
  request: ResourceRequest,
) => void {
  const cache = new Map<string, { readonly text: string; readonly policy: Policy }>();

  function parsePolicy(resource: string, text: string): Policy {
    const cached = cache.get(resource);
    if (cached?.text === text) return cached.policy;
    const policy = readPolicy(text, 'resource');
    cache.set(resource, { text, policy });
    return policy;
  }

  return (text, { action: name, resource, account }) => {
    if (text === null) return void cache.delete(resource);
    const action = `bedrock-agentcore:${name}`;
    const denying = parsePolicy(resource, text).statements.find(
      (statement) =>
        statement.effect === 'Deny' &&
        !statement.isConditional &&
        coversEveryone(statement, account) &&
        explainMismatch(statement, { action, resource, context: EMPTY_CONTEXT }) === null,
    );
    if (!denying) return;
    throw accessDenied(
      `${action} on ${resource} is denied by ${denying.name} of its resource policy`,
    );
  };
}

const EMPTY_CONTEXT = { get: () => undefined };

/** True if the statement covers every caller: anyone, or the account of all local callers. */
function coversEveryone({ principal }: Statement, account: string): boolean {
  const named: unknown =
    typeof principal === 'object' && principal !== null && 'AWS' in principal
      ? principal.AWS
      : principal;
  const everyone = new Set<unknown>(['*', account, `arn:aws:iam::${account}:root`]);
  return [named].flat().some((each) => everyone.has(each));
}
