import { explainUnmetCondition, type RequestContext } from './conditions.ts';
import type { PatternSet, Policy, Statement } from './document.ts';
import { resolvePattern, matchesPattern, type PatternVariables } from './patterns.ts';

/** An action on a resource that policies decide about. */
export interface PolicyRequest {
  /** With the service prefix: `bedrock-agentcore:CreateEvent`. */
  readonly action: string;
  /** The ARN of the resource. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** A policy with the name that messages use. */
export interface NamedPolicy extends Policy {
  readonly name: string;
}

/** The outcome of an evaluation. A denial is explicit when a Deny statement caused it. */
export type AuthorizationDecision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly isExplicit: boolean; readonly reason: string };

/** Evaluates identity policies as IAM does: Deny overrides Allow, and the default is to deny. */
export function evaluatePolicies(
  policies: readonly NamedPolicy[],
  request: PolicyRequest,
): AuthorizationDecision {
  const all = policies.flatMap(({ name, statements }) =>
    statements.map((statement) => ({
      statement,
      name: `${statement.name} of ${name}`,
      mismatch: explainMismatch(statement, request),
    })),
  );
  const denying = all.find(
    ({ statement, mismatch }) => statement.effect === 'Deny' && mismatch === null,
  );
  if (denying) return { isAllowed: false, isExplicit: true, reason: `${denying.name} denies it` };
  const allows = all.filter(({ statement }) => statement.effect === 'Allow');
  if (allows.some(({ mismatch }) => mismatch === null)) return { isAllowed: true };
  const candidates = allows.filter(({ statement }) => coversAction(statement, request.action));
  const reason =
    candidates.length === 0
      ? `no statement allows the action ${request.action}`
      : candidates.map(({ name, mismatch }) => `${name} does not allow it: ${mismatch}`).join('; ');
  return { isAllowed: false, isExplicit: false, reason };
}

/** Explains why a statement does not apply to a request, or returns null when it does. */
export function explainMismatch(statement: Statement, request: PolicyRequest): string | null {
  const { resources, conditions } = statement;
  if (!coversAction(statement, request.action))
    return `it does not cover the action ${request.action}`;
  if (!covers(resources, request.resource, (name) => request.context.get(name))) {
    const named = resources.patterns.map(({ source }) => source).join(', ');
    return `its ${resources.isNegated ? 'NotResource' : 'Resource'} is ${named} but the request is for ${request.resource}`;
  }
  for (const condition of conditions) {
    const reason = explainUnmetCondition(condition, request.context);
    if (reason !== null) return reason;
  }
  return null;
}

/** True when a statement covers an action. Action names are case-insensitive. */
export function coversAction({ actions }: Pick<Statement, 'actions'>, action: string): boolean {
  return covers(actions, action.toLowerCase(), noVariables);
}

const noVariables: PatternVariables = () => undefined;

function covers(
  { patterns, isNegated }: PatternSet,
  text: string,
  variables: PatternVariables,
): boolean {
  const isMatch = patterns.some((pattern) => {
    const letters = resolvePattern(pattern, variables);
    return letters !== null && matchesPattern(letters, text);
  });
  return isMatch !== isNegated;
}
