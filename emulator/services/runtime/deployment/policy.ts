import { inapplicable } from '../../../policy/decision.ts';
import { readPolicy, type Policy, type Statement } from '../../../policy/document.ts';
import { PolicyError } from '../../../policy/policyError.ts';
import { accessDenied, invalid } from '../../../wire/errors.ts';

/** What a caller is about to do. */
export interface Deed {
  readonly action: string;
  /** The ARN of what the policy belongs to. */
  readonly resource: string;
  readonly account: string;
}

/** Reads a text as a resource policy, or refuses it and says why it is none. */
export function readResourcePolicy(text: string): Policy {
  try {
    return readPolicy(text, 'resource');
  } catch (error) {
    if (error instanceof PolicyError) throw invalid(`policy: it ${error.message}`);
    throw error;
  }
}

/** The statements that have no effect here, in words: whom they are about cannot be known locally. */
export function unknowable({ statements }: Policy, account: string): string[] {
  return statements.flatMap((statement) => {
    const { name, effect, isConditional } = statement;
    if (effect === 'Allow') return [];
    if (isConditional) {
      return [`${name} has a Condition, which is not evaluated here: it denies nothing`];
    }
    if (isEverybody(statement, account)) return [];
    return [`${name} is about some callers, who cannot be told apart here: it denies nothing`];
  });
}

/**
 * Refuses what the policies of resources deny to every caller. What nobody allows is not denied:
 * callers are of the runtime's own account, where an identity's policy is enough. Each text is read
 * once, as long as it is its resource's.
 */
export function createObedience(): (text: string | null, deed: Deed) => void {
  const read = new Map<string, { readonly text: string; readonly policy: Policy }>();

  function policyOf(resource: string, text: string): Policy {
    const present = read.get(resource);
    if (present?.text === text) return present.policy;
    const policy = readResourcePolicy(text);
    read.set(resource, { text, policy });
    return policy;
  }

  return (text, { action: name, resource, account }) => {
    if (text === null) return void read.delete(resource);
    const action = `bedrock-agentcore:${name}`;
    const denying = policyOf(resource, text).statements.find(
      (statement) =>
        statement.effect === 'Deny' &&
        !statement.isConditional &&
        isEverybody(statement, account) &&
        inapplicable(statement, { action, resource, context: NOTHING }) === null,
    );
    if (!denying) return;
    throw accessDenied(
      `${action} on ${resource} is denied by ${denying.name} of its resource policy`,
    );
  };
}

const NOTHING = { get: () => undefined };

/** Whether whoever calls is meant: anybody, or all of the account that all local callers are of. */
function isEverybody({ principal }: Statement, account: string): boolean {
  const named: unknown =
    typeof principal === 'object' && principal !== null && 'AWS' in principal
      ? principal.AWS
      : principal;
  const everybody = new Set<unknown>(['*', account, `arn:aws:iam::${account}:root`]);
  return [named].flat().some((each) => everybody.has(each));
}
