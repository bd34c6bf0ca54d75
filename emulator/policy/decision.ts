import { unmet, type Context } from './conditions.ts';
import type { Matcher, Policy, Statement } from './document.ts';
import { fill, matches, type Variables } from './patterns.ts';

/** What somebody is about to do, as policies speak of it. */
export interface Deed {
  /** With its service: `bedrock-agentcore:CreateEvent`. */
  readonly action: string;
  /** The ARN of what it is done to. */
  readonly resource: string;
  readonly context: Context;
}

/** A policy with the name by which it is spoken of. */
export interface NamedPolicy extends Policy {
  readonly name: string;
}

/** Whether somebody may, and if not, because a statement denies it or because none allows it. */
export type Decision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly isExplicit: boolean; readonly why: string };

/** As IAM decides by an identity's policies: a Deny is stronger than any Allow; without one, no. */
export function decide(policies: readonly NamedPolicy[], deed: Deed): Decision {
  const all = policies.flatMap(({ name, statements }) =>
    statements.map((statement) => ({
      statement,
      name: `${statement.name} of ${name}`,
      lacks: inapplicable(statement, deed),
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
export function inapplicable(statement: Statement, deed: Deed): string | null {
  const { resources, conditions } = statement;
  if (!coversAction(statement, deed.action)) return `it is not about the action ${deed.action}`;
  if (!covers(resources, deed.resource, (name) => deed.context.get(name))) {
    const named = resources.patterns.map(({ source }) => source).join(', ');
    return `its ${resources.isNegated ? 'NotResource' : 'Resource'} is ${named}, and this is ${deed.resource}`;
  }
  for (const condition of conditions) {
    const why = unmet(condition, deed.context);
    if (why !== null) return why;
  }
  return null;
}

/** Whether a statement's actions are about an operation, whose name ignores case. */
export function coversAction({ actions }: Pick<Statement, 'actions'>, action: string): boolean {
  return covers(actions, action.toLowerCase(), noVariables);
}

const noVariables: Variables = () => undefined;

function covers({ patterns, isNegated }: Matcher, text: string, variables: Variables): boolean {
  const isMeant = patterns.some((pattern) => {
    const letters = fill(pattern, variables);
    return letters !== null && matches(letters, text);
  });
  return isMeant !== isNegated;
}
