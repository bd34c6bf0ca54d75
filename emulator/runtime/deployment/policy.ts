import { accessDenied, invalid } from '../../wire/errors.ts';

/** A statement of a resource policy, as far as it is read here. */
interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: unknown;
}

/** What a caller is about to do. */
export interface Deed {
  readonly action: string;
  /** The ARN of what the policy belongs to. */
  readonly resource: string;
  readonly account: string;
}

/** Why a text is no resource policy, as a refusal; nothing where it is one. */
export function refusePolicy(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch (error) {
    throw invalid(`policy: it is not valid JSON: ${(error as Error).message}`);
  }
  const statements = statementsOf(policy);
  if (statements.length === 0) throw invalid('policy: it has no Statement');
  for (const [index, statement] of statements.entries()) {
    const problem = problemOf(statement);
    if (problem !== null) throw invalid(`policy: ${nameOf(statement, index)} ${problem}`);
  }
}

function problemOf(statement: Partial<Statement> | null): string | null {
  if (typeof statement !== 'object' || statement === null) return 'is no object';
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    return `has the Effect ${JSON.stringify(statement.Effect)}; it is Allow or Deny`;
  }
  for (const part of ['Principal', 'Action', 'Resource'] as const) {
    const [given, opposite] = [statement[part], statement[`Not${part}`]];
    if ((given === undefined) === (opposite === undefined)) {
      return `needs one of ${part} and Not${part}`;
    }
    if (part !== 'Principal' && !isText(given ?? opposite)) {
      return `has a ${part} that is neither a text nor a list of texts`;
    }
  }
  return null;
}

/** The statements that have no effect here, in words: whom they are about cannot be known locally. */
export function unknowable(text: string, account: string): string[] {
  return statementsOf(JSON.parse(text)).flatMap((statement, index) => {
    const name = nameOf(statement, index);
    if (statement.Effect === 'Allow') return [];
    if (statement.Condition !== undefined) {
      return [`${name} has a Condition, which is not evaluated here: it denies nothing`];
    }
    if (isEverybody(statement, account)) return [];
    return [`${name} is about some callers, who cannot be told apart here: it denies nothing`];
  });
}

/**
 * Refuses what a policy denies to every caller. What nobody allows is not denied: callers are of the
 * runtime's own account, where an identity's policy is enough.
 */
export function obey(text: string | null, deed: Deed): void {
  if (text === null) return;
  for (const [index, statement] of statementsOf(JSON.parse(text)).entries()) {
    if (!denies(statement, deed)) continue;
    throw accessDenied(
      `bedrock-agentcore:${deed.action} on ${deed.resource} is denied by ${nameOf(statement, index)} of its resource policy`,
    );
  }
}

function denies(statement: Statement, { action, resource, account }: Deed): boolean {
  if (statement.Effect !== 'Deny' || statement.Condition !== undefined) return false;
  if (!isEverybody(statement, account)) return false;
  const covers = (given: Statement['Action'], opposite: Statement['Action'], what: Text) =>
    given === undefined ? !anyMatches(opposite, what) : anyMatches(given, what);
  return (
    covers(statement.Action, statement.NotAction, {
      text: `bedrock-agentcore:${action}`,
      ignoresCase: true,
    }) && covers(statement.Resource, statement.NotResource, { text: resource, ignoresCase: false })
  );
}

interface Text {
  readonly text: string;
  readonly ignoresCase: boolean;
}

function anyMatches(patterns: string | readonly string[] = [], { text, ignoresCase }: Text) {
  return [patterns]
    .flat()
    .some((pattern) =>
      ignoresCase ? matches(pattern.toLowerCase(), text.toLowerCase()) : matches(pattern, text),
    );
}

/**
 * Whether a text is of a pattern in which `*` is any text and `?` any letter. No regular expression:
 * one of many `*` would be at it for years.
 */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  // What follows the last `*`, and where of the text it was tried first.
  let retry: { readonly pattern: number; text: number } | null = null;
  for (let inText = 0; inText < text.length;) {
    if (pattern[at] === '*') {
      at += 1;
      retry = { pattern: at, text: inText };
    } else if (pattern[at] === '?' || pattern[at] === text[inText]) {
      at += 1;
      inText += 1;
    } else if (retry) {
      // That `*` is longer by one letter; an earlier one never needs to be.
      retry.text += 1;
      inText = retry.text;
      at = retry.pattern;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** Whether whoever calls is meant: anybody, or all of the account that all local callers are of. */
function isEverybody({ Principal: principal }: Statement, account: string): boolean {
  const named: unknown =
    typeof principal === 'object' && principal !== null && 'AWS' in principal
      ? principal.AWS
      : principal;
  const everybody = new Set<unknown>(['*', account, `arn:aws:iam::${account}:root`]);
  return [named].flat().some((each) => everybody.has(each));
}

function statementsOf(policy: unknown): Statement[] {
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy)) return [];
  return [policy.Statement].flat() as Statement[];
}

function nameOf(statement: Partial<Statement> | null, index: number): string {
  return statement?.Sid ? `the statement '${statement.Sid}'` : `statement ${index + 1}`;
}

function isText(value: unknown): boolean {
  return [value].flat().every((each) => typeof each === 'string');
}
