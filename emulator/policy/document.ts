import { readConditions, toTextList, type Condition } from './conditions.ts';
import { readPattern, patternVariables, type Pattern } from './patterns.ts';
import { PolicyError } from './policyError.ts';

/** A parsed IAM policy. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** True when the policy version supports `${…}` variables. */
  readonly hasVariables: boolean;
}

/** A parsed statement of a policy. */
export interface Statement {
  /** The name that messages use: the Sid or the position. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** In lower case, because action names are case-insensitive. */
  readonly actions: PatternSet;
  readonly resources: PatternSet;
  /** Empty for a resource policy, whose conditions are not parsed. */
  readonly conditions: readonly Condition[];
  readonly isConditional: boolean;
  /** The Principal as written in a resource policy. Undefined in an identity policy. */
  readonly principal: unknown;
}

/** Matches any of its patterns, or when negated, none of them. */
export interface PatternSet {
  readonly patterns: readonly Pattern[];
  readonly isNegated: boolean;
}

/** An identity policy belongs to a caller, a resource policy to a resource. */
export type PolicyKind = 'identity' | 'resource';

/** The policy version that supports variables. A policy without a version has an older one. */
const VERSION_WITH_VARIABLES = '2012-10-17';

/** Parses the JSON text of a policy. Throws a PolicyError that names the invalid statement. */
export function readPolicy(text: string, kind: PolicyKind): Policy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new PolicyError(`is not valid JSON: ${(error as Error).message}`);
  }
  return parsePolicy(document, kind);
}

/** Parses a policy that is already parsed JSON. */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  const { Version: version, Statement: source } = (document ?? {}) as Record<string, unknown>;
  requireKnownElements(document, POLICY_ELEMENTS);
  const statements = source === undefined ? [] : [source].flat();
  if (statements.length === 0) throw new PolicyError('has no Statement');
  if (version !== undefined && version !== VERSION_WITH_VARIABLES && version !== '2008-10-17') {
    throw new PolicyError(
      `has the Version ${JSON.stringify(version)}; use ${VERSION_WITH_VARIABLES}`,
    );
  }
  const hasVariables = version === VERSION_WITH_VARIABLES;
  return {
    hasVariables,
    statements: statements.map((statement: unknown, index) => {
      const name = statementName(statement, index);
      try {
        return readStatement(statement, { name, kind, hasVariables });
      } catch (error) {
        if (error instanceof PolicyError) throw new PolicyError(`${name} ${error.message}`);
        throw error;
      }
    }),
  };
}

interface StatementOptions {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly hasVariables: boolean;
}

function readStatement(source: unknown, { name, kind, hasVariables }: StatementOptions): Statement {
  if (typeof source !== 'object' || source === null) throw new PolicyError('is not an object');
  const statement = source as Readonly<Record<string, unknown>>;
  requireKnownElements(statement, STATEMENT_ELEMENTS);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyError(`has the Effect ${JSON.stringify(effect)}; use Allow or Deny`);
  }
  const principal = statement['Principal'] ?? statement['NotPrincipal'];
  if (kind === 'identity' && principal !== undefined) {
    throw new PolicyError('has a Principal, which an identity policy does not support');
  }
  if (kind === 'resource') requireEither(statement, 'Principal');
  const condition = statement['Condition'];
  return {
    name,
    effect,
    principal: statement['Principal'],
    actions: readPatternSet(statement, 'Action', (text) => readPattern(text.toLowerCase(), false)),
    resources: readPatternSet(statement, 'Resource', (text) => readPattern(text, hasVariables)),
    conditions: kind === 'identity' ? readConditions(condition, hasVariables) : [],
    isConditional: condition !== undefined,
  };
}

const POLICY_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = ['Sid', 'Effect', 'Condition'].concat(
  ...['Principal', 'Action', 'Resource'].map((part) => [part, `Not${part}`]),
);

/** IAM rejects unknown elements. Ignoring a misspelled Condition would widen the policy. */
function requireKnownElements(source: unknown, known: readonly string[]): void {
  const unknown = Object.keys(source ?? {}).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new PolicyError(`has the unknown element '${unknown}'; use ${known.join(', ')}`);
}

function requireEither(statement: Readonly<Record<string, unknown>>, part: string): void {
  if ((statement[part] === undefined) === (statement[`Not${part}`] === undefined)) {
    throw new PolicyError(`needs either ${part} or Not${part}`);
  }
}

function readPatternSet(
  statement: Readonly<Record<string, unknown>>,
  part: 'Action' | 'Resource',
  read: (text: string) => Pattern,
): PatternSet {
  requireEither(statement, part);
  const isNegated = statement[part] === undefined;
  const name = isNegated ? `Not${part}` : part;
  return {
    isNegated,
    patterns: toTextList(statement[name], name).map(read),
  };
}

function statementName(statement: unknown, index: number): string {
  const sid = (statement as { readonly Sid?: unknown } | null)?.Sid;
  return typeof sid === 'string' && sid !== '' ? `statement '${sid}'` : `statement ${index + 1}`;
}

/** Returns the variables in the resources and conditions of a policy. */
export function policyVariables({ statements }: Policy): string[] {
  return statements.flatMap(({ resources, conditions }) =>
    [...resources.patterns, ...conditions.flatMap(({ values }) => values)].flatMap(
      patternVariables,
    ),
  );
}
