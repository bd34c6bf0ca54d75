import { PolicyError } from './policyError.ts';

/** What a policy says of a text: letters, wildcards, and variables of the request. */
export interface Pattern {
  /** As it was written. */
  readonly source: string;
  readonly parts: readonly Part[];
}

type Part =
  | { readonly text: string }
  | { readonly wild: Wild }
  | { readonly variable: string; readonly otherwise: string | null };

type Wild = '*' | '?';

/** A pattern in which the variables have their values: letters, and wildcards. */
export type ResolvedPattern = readonly (string | { readonly wild: Wild })[];

/** What a variable is replaced by; undefined where the request does not have it. */
export type PatternVariables = (name: string) => string | undefined;

const VARIABLE = /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/y;

/** Reads a pattern; `hasVariables` where the policy's version knows them. */
export function readPattern(source: string, hasVariables: boolean): Pattern {
  const parts: Part[] = [];
  let text = '';
  const add = (part: Part): void => {
    if (text !== '') parts.push({ text });
    text = '';
    parts.push(part);
  };
  for (let at = 0; at < source.length;) {
    const letter = source[at]!;
    VARIABLE.lastIndex = at;
    const [whole, name, otherwise = null] = (hasVariables && VARIABLE.exec(source)) || [];
    if (name !== undefined) {
      // Those three are no variables but the letters themselves.
      if (/^[*?$]$/.test(name)) text += name;
      else add({ variable: name, otherwise });
      at += whole!.length;
      continue;
    }
    if (hasVariables && source.startsWith('${', at)) {
      throw new PolicyError(
        `has the variable '${source.slice(at)}', which is to be as \${aws:PrincipalTag/Team} or \${aws:PrincipalTag/Team, 'default'}`,
      );
    }
    if (letter === '*' || letter === '?') add({ wild: letter });
    else text += letter;
    at += 1;
  }
  if (text !== '') parts.push({ text });
  return { source, parts };
}

/** The names of the variables in it. */
export function patternVariables({ parts }: Pattern): string[] {
  return parts.flatMap((part) => ('variable' in part ? part.variable : []));
}

/** A pattern with its variables' values, which are letters whatever is in them; null if one has none. */
export function resolvePattern(
  { parts }: Pattern,
  variables: PatternVariables,
): ResolvedPattern | null {
  const letters: ResolvedPattern[number][] = [];
  for (const part of parts) {
    if ('wild' in part) letters.push(part);
    else {
      const text = 'text' in part ? part.text : (variables(part.variable) ?? part.otherwise);
      if (text === null) return null;
      letters.push(...text.split(''));
    }
  }
  return letters;
}

/** A pattern's text with its variables' values, where wildcards are letters like others. */
export function resolveText(letters: ResolvedPattern): string {
  return letters.map((letter) => (typeof letter === 'string' ? letter : letter.wild)).join('');
}

/**
 * Whether a text is of a pattern in which `*` is any text and `?` any letter. No regular expression:
 * one of many `*` would be at it for years.
 */
export function matchesPattern(pattern: ResolvedPattern, text: string): boolean {
  let at = 0;
  // What follows the last `*`, and where of the text it was tried first.
  let retry: { readonly pattern: number; text: number } | null = null;
  const wild = (index: number): Wild | undefined => {
    const letter = pattern[index];
    return typeof letter === 'object' ? letter.wild : undefined;
  };
  for (let inText = 0; inText < text.length;) {
    if (wild(at) === '*') {
      at += 1;
      retry = { pattern: at, text: inText };
    } else if (wild(at) === '?' || pattern[at] === text[inText]) {
      at += 1;
      inText += 1;
    } else if (retry) {
      // That `*` is longer by one letter; an earlier one never needs to be.
      retry.text += 1;
      inText = retry.text;
      at = retry.pattern;
    } else return false;
  }
  while (wild(at) === '*') at += 1;
  return at === pattern.length;
}

/** The same for ARNs, whose six parts each match by themselves: no wildcard reaches over a colon. */
export function matchesArn(pattern: ResolvedPattern, arn: string): boolean {
  const given = splitArn(arn.split(''));
  const wanted = splitArn(pattern);
  return (
    given.length === wanted.length &&
    wanted.every((part, index) => matchesPattern(part, resolveText(given[index]!)))
  );
}

const ARN_PARTS = 6;

function splitArn(letters: ResolvedPattern): ResolvedPattern[] {
  const parts: ResolvedPattern[number][][] = [[]];
  for (const letter of letters) {
    if (letter === ':' && parts.length < ARN_PARTS) parts.push([]);
    else parts.at(-1)!.push(letter);
  }
  return parts;
}
