import { PolicyError } from './policyError.ts';

/** A pattern of a policy: literal text, wildcards and variables. */
export interface Pattern {
  /** As written in the policy. */
  readonly source: string;
  readonly parts: readonly Part[];
}

type Part =
  | { readonly text: string }
  | { readonly wildcard: Wildcard }
  | { readonly variable: string; readonly fallback: string | null };

type Wildcard = '*' | '?';

/** A pattern with its variables replaced by their values: characters and wildcards. */
export type ResolvedPattern = readonly (string | { readonly wildcard: Wildcard })[];

/** Returns the value of a variable, or undefined when the request does not have it. */
export type PatternVariables = (name: string) => string | undefined;

const VARIABLE = /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/y;

/** Parses a pattern. `hasVariables` is true when the policy version supports variables. */
export function readPattern(source: string, hasVariables: boolean): Pattern {
  const parts: Part[] = [];
  let text = '';
  const add = (part: Part): void => {
    if (text !== '') parts.push({ text });
    text = '';
    parts.push(part);
  };
  for (let position = 0; position < source.length;) {
    const character = source[position]!;
    VARIABLE.lastIndex = position;
    const [match, name, fallback = null] = (hasVariables && VARIABLE.exec(source)) || [];
    if (name !== undefined) {
      // ${*}, ${?} and ${$} stand for the characters themselves.
      if (/^[*?$]$/.test(name)) text += name;
      else add({ variable: name, fallback });
      position += match!.length;
      continue;
    }
    if (hasVariables && source.startsWith('${', position)) {
      throw new PolicyError(
        `has the invalid variable '${source.slice(position)}'. Use the form \${aws:PrincipalTag/Team} or \${aws:PrincipalTag/Team, 'default'}.`,
      );
    }
    if (character === '*' || character === '?') add({ wildcard: character });
    else text += character;
    position += 1;
  }
  if (text !== '') parts.push({ text });
  return { source, parts };
}

/** Returns the names of the variables in a pattern. */
export function patternVariables({ parts }: Pattern): string[] {
  return parts.flatMap((part) => ('variable' in part ? part.variable : []));
}

/** Replaces variables by their values, in which wildcards are literal. Returns null when a variable has no value. */
export function resolvePattern(
  { parts }: Pattern,
  variables: PatternVariables,
): ResolvedPattern | null {
  const characters: ResolvedPattern[number][] = [];
  for (const part of parts) {
    if ('wildcard' in part) characters.push(part);
    else {
      const text = 'text' in part ? part.text : (variables(part.variable) ?? part.fallback);
      if (text === null) return null;
      characters.push(...text.split(''));
    }
  }
  return characters;
}

/** Returns a resolved pattern as text, with wildcards as characters. */
export function resolveText(characters: ResolvedPattern): string {
  return characters
    .map((character) => (typeof character === 'string' ? character : character.wildcard))
    .join('');
}

/**
 * True when a text matches a pattern in which `*` is any text and `?` any character. A regular
 * expression with many `*` could take exponential time.
 */
export function matchesPattern(pattern: ResolvedPattern, text: string): boolean {
  let position = 0;
  // The position after the last `*`, and the text position at which the match was last tried.
  let retry: { readonly pattern: number; text: number } | null = null;
  const readWildcard = (index: number): Wildcard | undefined => {
    const character = pattern[index];
    return typeof character === 'object' ? character.wildcard : undefined;
  };
  for (let textPosition = 0; textPosition < text.length;) {
    if (readWildcard(position) === '*') {
      position += 1;
      retry = { pattern: position, text: textPosition };
    } else if (readWildcard(position) === '?' || pattern[position] === text[textPosition]) {
      position += 1;
      textPosition += 1;
    } else if (retry) {
      // Extend the last `*` by one character. Earlier ones never need to grow.
      retry.text += 1;
      textPosition = retry.text;
      position = retry.pattern;
    } else return false;
  }
  while (readWildcard(position) === '*') position += 1;
  return position === pattern.length;
}

/** Matches each of the six parts of an ARN separately. A wildcard does not match across a colon. */
export function matchesArn(pattern: ResolvedPattern, arn: string): boolean {
  const actual = splitArn(arn.split(''));
  const expected = splitArn(pattern);
  return (
    actual.length === expected.length &&
    expected.every((part, index) => matchesPattern(part, resolveText(actual[index]!)))
  );
}

const ARN_PARTS = 6;

function splitArn(characters: ResolvedPattern): ResolvedPattern[] {
  const parts: ResolvedPattern[number][][] = [[]];
  for (const character of characters) {
    if (character === ':' && parts.length < ARN_PARTS) parts.push([]);
    else parts.at(-1)!.push(character);
  }
  return parts;
}
