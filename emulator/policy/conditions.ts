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

/** What is known of a request: the values of its condition keys, whose names ignore case. */
export interface RequestContext {
  get(key: string): string | undefined;
}

/** One line of a statement's Condition, which is met or not. */
export interface Condition {
  /** As it was written. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Pattern[];
  readonly kind: Kind;
  readonly ifAbsent: boolean;
}

type Kind =
  | { readonly type: 'presence' }
  | { readonly type: 'value'; readonly test: Test; readonly isNegated: boolean };

/** Whether the request's value is as the policy's; neither is read before. */
type Test = (value: string, wanted: ResolvedPattern) => boolean;

const equal: Test = (value, wanted) => value === resolveText(wanted);
const equalIgnoringCase: Test = (value, wanted) =>
  value.toLowerCase() === resolveText(wanted).toLowerCase();
const arn: Test = (value, wanted) => matchesArn(wanted, value);

const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThan: (one, other) => one > other,
  GreaterThanEquals: (one, other) => one >= other,
};

/** Moments as IAM takes them: ISO-8601, or seconds since 1970. */
const timeOf = (text: string): number =>
  /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);

const compared = (prefix: string, read: (text: string) => number): [string, Test][] =>
  Object.entries(comparisons).map(([name, compare]) => [
    `${prefix}${name}`,
    (value, wanted) => compare(read(value), read(resolveText(wanted))),
  ]);

const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['StringEquals', equal],
  ['StringEqualsIgnoreCase', equalIgnoringCase],
  ['StringLike', (value, wanted) => matchesPattern(wanted, value)],
  ['Bool', equalIgnoringCase],
  ['ArnEquals', arn],
  ['ArnLike', arn],
  ...compared('Numeric', Number),
  ...compared('Date', timeOf),
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

/** Reads a statement's Condition: all of its lines are to be met. */
export function readConditions(given: unknown, hasVariables: boolean): Condition[] {
  if (given === undefined) return [];
  if (!isObject(given)) throw new PolicyError('has a Condition that is no object');
  return Object.entries(given).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw new PolicyError(`has a Condition ${operator} that is no object`);
    const { kind, ifAbsent } = readOperator(operator);
    return Object.entries(keys).map(([key, values]): Condition => {
      const texts = toTextList(values, `Condition ${operator} ${key}`);
      const patterns = texts.map((text) => readPattern(text, hasVariables));
      return { operator, key, values: patterns, kind, ifAbsent };
    });
  });
}

function readOperator(written: string): Pick<Condition, 'kind' | 'ifAbsent'> {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written) ?? [];
  if (name === 'Null' && quantifier === undefined && ifExists === undefined) {
    return { kind: { type: 'presence' }, ifAbsent: true };
  }
  const negated = negations.get(name);
  const test = tests.get(negated ?? name);
  if (!test) {
    throw new PolicyError(
      `has the condition operator ${written}, which is not emulated; there are ${known}, each with IfExists or after ForAllValues: or ForAnyValue:. Take it out of the copy of the policy that is tested here`,
    );
  }
  const isNegated = negated !== undefined;
  // Of a key that a request does not have, IAM says that it is not equal to anything.
  const isVacuous = quantifier === 'ForAllValues' || (isNegated && quantifier === undefined);
  return {
    kind: { type: 'value', test, isNegated },
    ifAbsent: isVacuous || ifExists !== undefined,
  };
}

/** Why a condition is not met, in words; null where it is. */
export function explainUnmetCondition(
  condition: Condition,
  context: RequestContext,
): string | null {
  const { operator, key, values, kind, ifAbsent } = condition;
  const value = context.get(key);
  const variables: PatternVariables = (name) => context.get(name);
  const wanted = values.map((pattern) => resolvePattern(pattern, variables));
  const isMet = (): boolean => {
    if (kind.type === 'presence') {
      return wanted.some((each) => each && resolveText(each) === String(value === undefined));
    }
    if (value === undefined) return ifAbsent;
    // What has a variable without a value is like nothing.
    return wanted.some((each) => each !== null && kind.test(value, each)) !== kind.isNegated;
  };
  if (isMet()) return null;
  const has = value === undefined ? 'is not in the request' : `is '${value}'`;
  const meant = values.map((pattern, index) => {
    const filled = wanted[index];
    if (!filled) return `${pattern.source}, of which a variable has no value`;
    const text = resolveText(filled);
    return text === pattern.source ? `'${text}'` : `'${text}' (${pattern.source})`;
  });
  return `${key} ${has}, and ${operator} wants ${meant.join(' or ')}`;
}

/** A text or a list of texts, as IAM takes both; numbers and booleans are written out. */
export function toTextList(given: unknown, name: string): string[] {
  const all = [given].flat();
  if (all.length > 0 && all.every((each) => /^(?:string|number|boolean)$/.test(typeof each))) {
    return all.map(String);
  }
  throw new PolicyError(`has a ${name} that is neither a text nor a list of texts`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
