import {
  resolveText,
  resolvePattern,
  matchesPattern,
  matchesArn,
  readPattern,
  type ResolvedPattern,
  type Pattern,
  type PatternVariables,
} from './patterns.ts';
import { PolicyError } from './policyError.ts';

/** The condition keys of a request and their values. Key names are case-insensitive. */
export interface RequestContext {
  get(key: string): string | undefined;
}

/** One operator and key of a statement's Condition. */
export interface Condition {
  /** As written in the policy. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Pattern[];
  readonly kind: Kind;
  readonly matchesWhenAbsent: boolean;
}

type Kind =
  | { readonly type: 'presence' }
  | { readonly type: 'value'; readonly test: Test; readonly isNegated: boolean };

/** True when the request's value matches the policy's value. */
type Test = (value: string, pattern: ResolvedPattern) => boolean;

const equal: Test = (value, pattern) => value === resolveText(pattern);
const equalIgnoringCase: Test = (value, pattern) =>
  value.toLowerCase() === resolveText(pattern).toLowerCase();
const arnMatches: Test = (value, pattern) => matchesArn(pattern, value);

const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThan: (one, other) => one > other,
  GreaterThanEquals: (one, other) => one >= other,
};

/** Parses a time in a form that IAM accepts: ISO 8601 or seconds since 1970. */
const parseTime = (text: string): number =>
  /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);

const comparisonTests = (prefix: string, read: (text: string) => number): [string, Test][] =>
  Object.entries(comparisons).map(([name, compare]) => [
    `${prefix}${name}`,
    (value, pattern) => compare(read(value), read(resolveText(pattern))),
  ]);

const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['StringEquals', equal],
  ['StringEqualsIgnoreCase', equalIgnoringCase],
  ['StringLike', (value, pattern) => matchesPattern(pattern, value)],
  ['Bool', equalIgnoringCase],
  ['ArnEquals', arnMatches],
  ['ArnLike', arnMatches],
  ...comparisonTests('Numeric', Number),
  ...comparisonTests('Date', parseTime),
]);

const negations: ReadonlyMap<string, string> = new Map([
  ['StringNotEquals', 'StringEquals'],
  ['StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'],
  ['StringNotLike', 'StringLike'],
  ['ArnNotEquals', 'ArnEquals'],
  ['ArnNotLike', 'ArnLike'],
  ['NumericNotEquals', 'NumericEquals'],
  ['DateNotEquals', 'DateEquals'],
]);

const known = [...tests.keys(), ...negations.keys(), 'Null'].join(', ');

/** Parses a statement's Condition. Every condition of the list must be met. */
export function readConditions(source: unknown, hasVariables: boolean): Condition[] {
  if (source === undefined) return [];
  if (!isObject(source)) throw new PolicyError('has a Condition that is not an object');
  return Object.entries(source).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw new PolicyError(`has a Condition ${operator} that is not an object`);
    const { kind, matchesWhenAbsent } = readOperator(operator);
    return Object.entries(keys).map(([key, values]): Condition => {
      const texts = toTextList(values, `Condition ${operator} ${key}`);
      const patterns = texts.map((text) => readPattern(text, hasVariables));
      return { operator, key, values: patterns, kind, matchesWhenAbsent };
    });
  });
}

function readOperator(written: string): Pick<Condition, 'kind' | 'matchesWhenAbsent'> {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written) ?? [];
  if (name === 'Null' && quantifier === undefined && ifExists === undefined) {
    return { kind: { type: 'presence' }, matchesWhenAbsent: true };
  }
  const negated = negations.get(name);
  const test = tests.get(negated ?? name);
  if (!test) {
    throw new PolicyError(
      `has the condition operator ${written}, which is not emulated. Operators: ${known}, each also with IfExists, ForAllValues: or ForAnyValue:. Remove it from the copy of the policy that you test here.`,
    );
  }
  const isNegated = negated !== undefined;
  // In IAM, a negated operator matches when the request does not have the key.
  const isVacuous = quantifier === 'ForAllValues' || (isNegated && quantifier === undefined);
  return {
    kind: { type: 'value', test, isNegated },
    matchesWhenAbsent: isVacuous || ifExists !== undefined,
  };
}

/** Explains why a request does not meet a condition, or returns null when it does. */
export function explainUnmetCondition(
  condition: Condition,
  context: RequestContext,
): string | null {
  const { operator, key, values, kind, matchesWhenAbsent } = condition;
  const value = context.get(key);
  const variables: PatternVariables = (name) => context.get(name);
  const resolved = values.map((pattern) => resolvePattern(pattern, variables));
  const isMet = (): boolean => {
    if (kind.type === 'presence') {
      return resolved.some((each) => each && resolveText(each) === String(value === undefined));
    }
    if (value === undefined) return matchesWhenAbsent;
    // A pattern with an unresolved variable matches nothing.
    return resolved.some((each) => each !== null && kind.test(value, each)) !== kind.isNegated;
  };
  if (isMet()) return null;
  const actual = value === undefined ? 'is not in the request' : `is '${value}'`;
  const expected = values.map((pattern, index) => {
    const letters = resolved[index];
    if (!letters) return `${pattern.source} (a variable has no value)`;
    const text = resolveText(letters);
    return text === pattern.source ? `'${text}'` : `'${text}' (${pattern.source})`;
  });
  return `${key} ${actual} but ${operator} requires ${expected.join(' or ')}`;
}

/** Reads a string or a list of strings. Numbers and booleans become strings, as in IAM. */
export function toTextList(source: unknown, name: string): string[] {
  const all = [source].flat();
  if (all.length > 0 && all.every((each) => /^(?:string|number|boolean)$/.test(typeof each))) {
    return all.map(String);
  }
  throw new PolicyError(`has a ${name} that is neither a string nor a list of strings`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
