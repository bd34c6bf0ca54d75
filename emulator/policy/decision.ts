import { explainUnmetCondition, type RequestContext } from './conditions.ts';
import type { PatternSet, Policy, Statement } from './document.ts';
import { resolvePattern, matchesPattern, type PatternVariables } from './patterns.ts';

/** What somebody is about to do, as policies speak of it. */
export interface PolicyRequest {
  /** With its service: `bedrock-agentcore:CreateEvent`. */
  readonly action: string;
  /** The ARN of what it is done to. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** A policy with the name by which it is spoken of. */
export interface NamedPolicy extends Policy {
  readonly name: string;
}

/** Whether somebody may, and if not, because a statement denies it or because none allows it. */
export type AuthorizationDecision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly isExplicit: boolean; readonly why: string };

/** As IAM decides by an identity's policies: a Deny is stronger than any Allow; without one, no. */
export function evaluatePolicies(
  policies: readonly NamedPolicy[],
  deed: PolicyRequest,
): AuthorizationDecision {
  const all = policies.flatMap(({ name, statements }) =>
    statements.map((statement) => ({
      statement,
      name: `${statement.name} of ${name}`,
      lacks: explainMismatch(statement, deed),
    })),
  );
  const denying = all.find(({ statement, lacks }) => statement.effect === 'Deny' && lacks === null);
  if (denying) return { isAllowed: false, isExplicit: true, why: `${denying.name} denies it` };
  const allows = all.filter(({ statement }) => statement.effect === 'Allow');
  if (allows.some(({ lacks }) => lacks === null)) return { isAllowed: true };
  const near = allows.filter(({ statement }) => coversAction(statement, deed.action));
  const why =
    near.length === 0
      ? `no statement allows the action ${deed.action}`
      : near.map(({ name, lacks }) => `${name} does not allow it: ${lacks}`).join('; ');
  return { isAllowed: false, isExplicit: false, why };
}

/** Why a statement is not about a deed, in words; null where it is. */
export function explainMismatch(statement: Statement, deed: PolicyRequest): string | null {
  const { resources, conditions } = statement;
  if (!coversAction(statement, deed.action)) return `it is not about the action ${deed.action}`;
  if (!covers(resources, deed.resource, (name) => deed.context.get(name))) {
    const named = resources.patterns.map(({ source }) => source).join(', ');
    return `its ${resources.isNegated ? 'NotResource' : 'Resource'} is ${named}, and this is ${deed.resource}`;
  }
  for (const condition of conditions) {
    const why = explainUnmetCondition(condition, deed.context);
    if (why !== null) return why;
  }
  return null;
}

/** Whether a statement's actions are about an operation, whose name ignores case. */
export function coversAction({ actions }: Pick<Statement, 'actions'>, action: string): boolean {
  return covers(actions, action.toLowerCase(), noVariables);
}

const noVariables: PatternVariables = () => undefined;

function covers(
  { patterns, isNegated }: PatternSet,
  text: string,
  variables: PatternVariables,
): boolean {
  const isMeant = patterns.some((pattern) => {
    const letters = resolvePattern(pattern, variables);
    return letters !== null && matchesPattern(letters, text);
  });
  return isMeant !== isNegated;
}
