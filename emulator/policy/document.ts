import { readConditions, toTextList, type Condition } from './conditions.ts';
import { readPattern, patternVariables, type Pattern } from './patterns.ts';
import { PolicyError } from './policyError.ts';

/** A policy of IAM's form, read once. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** Whether its version is one in which `${…}` is a variable. */
  readonly hasVariables: boolean;
}

/** What a policy allows or denies, and when. */
export interface Statement {
  /** As it is spoken of: by its Sid, or its place. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** In small letters: the names of actions ignore case. */
  readonly actions: PatternSet;
  readonly resources: PatternSet;
  /** An identity policy's; those of a resource policy are not read. */
  readonly conditions: readonly Condition[];
  readonly isConditional: boolean;
  /** Whom a resource policy's is about, as it was written; undefined in an identity policy's. */
  readonly principal: unknown;
}

/** Any of some patterns, or what is like none of them. */
export interface PatternSet {
  readonly patterns: readonly Pattern[];
  readonly isNegated: boolean;
}

/** An identity's policy says what whoever has it may do; a resource's, who may do what with it. */
export type PolicyKind = 'identity' | 'resource';

/** The version that knows variables; a policy without one is of an older. */
const WITH_VARIABLES = '2012-10-17';

/** Reads a policy; throws a PolicyError that says which of its statements is wrong, and how. */
export function readPolicy(text: string, kind: PolicyKind): Policy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new PolicyError(`is not valid JSON: ${(error as Error).message}`);
  }
  return parsePolicy(document, kind);
}

/** The same of what is read already. */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  const { Version: version, Statement: given } = (document ?? {}) as Record<string, unknown>;
  demandKnown(document, DOCUMENT);
  const statements = given === undefined ? [] : [given].flat();
  if (statements.length === 0) throw new PolicyError('has no Statement');
  if (version !== undefined && version !== WITH_VARIABLES && version !== '2008-10-17') {
    throw new PolicyError(`has the Version ${JSON.stringify(version)}; it is ${WITH_VARIABLES}`);
  }
  const hasVariables = version === WITH_VARIABLES;
  return {
    hasVariables,
    statements: statements.map((statement: unknown, index) => {
      const name = nameOf(statement, index);
      try {
        return statementOf(statement, { name, kind, hasVariables });
      } catch (error) {
        if (error instanceof PolicyError) throw new PolicyError(`${name} ${error.message}`);
        throw error;
      }
    }),
  };
}

interface Circumstances {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly hasVariables: boolean;
}

function statementOf(given: unknown, { name, kind, hasVariables }: Circumstances): Statement {
  if (typeof given !== 'object' || given === null) throw new PolicyError('is no object');
  const statement = given as Readonly<Record<string, unknown>>;
  demandKnown(statement, STATEMENT);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyError(`has the Effect ${JSON.stringify(effect)}; it is Allow or Deny`);
  }
  const principal = statement['Principal'] ?? statement['NotPrincipal'];
  if (kind === 'identity' && principal !== undefined) {
    throw new PolicyError('has a Principal, which an identity policy has not');
  }
  if (kind === 'resource') demandOne(statement, 'Principal');
  const condition = statement['Condition'];
  return {
    name,
    effect,
    principal: statement['Principal'],
    actions: matcherOf(statement, 'Action', (text) => readPattern(text.toLowerCase(), false)),
    resources: matcherOf(statement, 'Resource', (text) => readPattern(text, hasVariables)),
    conditions: kind === 'identity' ? readConditions(condition, hasVariables) : [],
    isConditional: condition !== undefined,
  };
}

const DOCUMENT = ['Version', 'Id', 'Statement'];
const STATEMENT = ['Sid', 'Effect', 'Condition'].concat(
  ...['Principal', 'Action', 'Resource'].map((part) => [part, `Not${part}`]),
);

/** IAM refuses what it does not know, and a misspelt condition is none at all. */
function demandKnown(given: unknown, known: readonly string[]): void {
  const unknown = Object.keys(given ?? {}).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new PolicyError(`has the element '${unknown}'; there are ${known.join(', ')}`);
}

function demandOne(statement: Readonly<Record<string, unknown>>, part: string): void {
  if ((statement[part] === undefined) === (statement[`Not${part}`] === undefined)) {
    throw new PolicyError(`needs one of ${part} and Not${part}`);
  }
}

function matcherOf(
  statement: Readonly<Record<string, unknown>>,
  part: 'Action' | 'Resource',
  read: (text: string) => Pattern,
): PatternSet {
  demandOne(statement, part);
  const isNegated = statement[part] === undefined;
  const name = isNegated ? `Not${part}` : part;
  return {
    isNegated,
    patterns: toTextList(statement[name], name).map(read),
  };
}

function nameOf(statement: unknown, index: number): string {
  const sid = (statement as { readonly Sid?: unknown } | null)?.Sid;
  return typeof sid === 'string' && sid !== ''
    ? `the statement '${sid}'`
    : `statement ${index + 1}`;
}

/** The variables of its statements, wherever they are. */
export function policyVariables({ statements }: Policy): string[] {
  return statements.flatMap(({ resources, conditions }) =>
    [...resources.patterns, ...conditions.flatMap(({ values }) => values)].flatMap(
      patternVariables,
    ),
  );
}
