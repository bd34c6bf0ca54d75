import { roleOf, type ParameterRole } from './roles.ts';
import { toBound } from './schema/jsonValue.ts';
import { formatExample } from './schema/formats.ts';
import { patternExample } from './schema/patternExample.ts';
import {
  messageText,
  queryText,
  takeName,
  takeNumber,
  takeText,
  type TextKind,
  type ValueSource,
} from './valueSource.ts';
import { isCommonWord, splitWords, stem, stemsOf } from './words.ts';

/** A parameter, a member of an array, or a whole value to generate. */
export interface ValuePlace {
  readonly name: string;
  readonly description: string;
  /** False if the value is left out unless the prompt has one. */
  readonly required: boolean;
  readonly isItem: boolean;
  readonly depth: number;
  /** Distinguishes the members of an array. */
  readonly variant: number;
}

/** Maximum characters of a generated string, even if a schema requires more. */
const MAX_STRING = 10_000;

type Keywords = Readonly<Record<string, unknown>>;
type IsAccepted = (value: unknown) => boolean;

const ROLE_KINDS: Readonly<Partial<Record<ParameterRole, TextKind>>> = {
  email: 'emails',
  url: 'urls',
  date: 'dates',
  time: 'times',
  path: 'paths',
  identifier: 'identifiers',
};

const FORMAT_KINDS: Readonly<Record<string, TextKind>> = {
  email: 'emails',
  'idn-email': 'emails',
  uri: 'urls',
  iri: 'urls',
  date: 'dates',
  'date-time': 'dates',
  time: 'times',
};

/** Finds the string in a prompt that suits a parameter's format, role or pattern. */
export function findString(
  schema: Keywords,
  place: ValuePlace,
  source: ValueSource,
  isAccepted: IsAccepted,
): string | undefined {
  const { format, pattern } = schema;
  const role = roleOf(place.name, place.description);
  if (role === 'destination' && /^(?:to|target)$/i.test(place.name)) {
    const email = takeText(source, 'emails', isAccepted);
    if (email !== undefined) return email;
  }
  if (typeof format === 'string' && Object.hasOwn(FORMAT_KINDS, format)) {
    return takeText(source, FORMAT_KINDS[format]!, isAccepted);
  }
  if (typeof pattern === 'string') {
    const tokens = source.mentions.text.match(/[^\s,;:!?"“”()]+/g) ?? [];
    const words = tokens.map((token) => token.replace(/^#|[.'’]+$/g, ''));
    const fitting = words.filter(isAccepted);
    // A pattern that matches most words does not identify a value.
    if (fitting.length * 2 <= words.length && fitting.length > 0) return fitting[place.variant];
  }
  if (role === 'expression') {
    const { expression } = source.mentions;
    return expression !== null && isAccepted(expression) ? expression : undefined;
  }
  const kind = role && ROLE_KINDS[role];
  if (kind) {
    const found = takeText(source, kind, isAccepted);
    return found ?? (kind === 'identifiers' ? findNamed(place, source, isAccepted) : undefined);
  }
  if (role === 'place' || role === 'origin' || role === 'destination' || role === 'person') {
    return takeName(source, role, isAccepted);
  }
  if (!place.isItem) return role === undefined ? findNamed(place, source, isAccepted) : undefined;
  return takeText(source, 'quotes', isAccepted) ?? takeText(source, 'list', isAccepted);
}

/** Finds the word after the parameter's name: `strawberry` in `the word strawberry`. */
function findNamed(
  { name }: ValuePlace,
  { mentions }: ValueSource,
  isAccepted: IsAccepted,
): string | undefined {
  const names = new Set(splitWords(name).filter((word) => !isCommonWord(word)));
  const words = mentions.text.match(/[\p{L}\p{N}_-]+/gu) ?? [];
  for (const [index, word] of words.entries()) {
    if (!names.has(word.toLowerCase())) continue;
    const [next = '', other = ''] = words.slice(index + 1, index + 3);
    const value = /^(?:is|of|to)$/i.test(next) ? other : next;
    if (value !== '' && !isCommonWord(value.toLowerCase()) && isAccepted(value)) return value;
  }
  return undefined;
}

/** Creates a string for a required parameter that the prompt does not name. */
export function chooseString(
  schema: Keywords,
  place: ValuePlace,
  source: ValueSource,
  isAccepted: IsAccepted,
): string {
  const { pattern, format } = schema;
  const minLength = Math.min(toBound(schema['minLength'], 0), MAX_STRING);
  const maxLength = Math.max(toBound(schema['maxLength'], Infinity), 0);
  const role = roleOf(place.name, place.description);
  if (typeof format === 'string') {
    const example = formatExample(format, place.variant);
    if (example !== undefined && isAccepted(example)) return example;
  }
  const chosen = role === 'query' ? queryText(source) : messageText(source);
  const isText = role === 'query' || role === 'message';
  const found =
    takeText(source, 'quotes', isAccepted) ??
    (isText ? undefined : takeName(source, undefined, isAccepted)) ??
    (role === 'identifier' || role === 'operand'
      ? takeNumber(source, ({ value }) => isAccepted(String(value)))?.toString()
      : undefined);
  if (found !== undefined) return found;
  // A subject and a body can be the same quotation.
  const quote = role === 'message' ? source.mentions.quotes.at(-1) : undefined;
  if (quote !== undefined && isAccepted(quote)) return quote;
  const suffix = place.variant === 0 ? '' : ` ${place.variant + 1}`;
  const text = fitLength((chosen || 'text') + suffix, minLength, maxLength, suffix);
  if (isAccepted(text)) return text;
  if (typeof pattern !== 'string') return text;
  const example = patternExample(pattern, minLength, place.variant);
  return example ?? text;
}

/** Cuts or repeats a text to a length in characters. The suffix stays. */
function fitLength(text: string, minLength: number, maxLength: number, suffix: string): string {
  let characters = Array.from(text);
  if (characters.length > maxLength) {
    const end = maxLength === 0 ? [] : Array.from(suffix).slice(-maxLength);
    characters = [...characters.slice(0, maxLength - end.length), ...end];
  }
  if (characters.length < minLength) {
    const missing = minLength - characters.length;
    const repeated = `${text} `.repeat(Math.ceil((2 * missing) / (text.length + 1)));
    characters = [...Array.from(repeated).slice(0, missing), ...characters];
  }
  return characters.join('');
}

/** Finds the number beside the parameter's name, such as `5 days`, or any number for an operand. */
export function findNumber(
  place: ValuePlace,
  source: ValueSource,
  isAccepted: IsAccepted,
): number | undefined {
  const names = new Set(splitWords(place.name).map(stem));
  const beside = takeNumber(
    source,
    ({ value, near }) => isAccepted(value) && near.some((word) => names.has(word)),
  );
  const isOperand = roleOf(place.name, '') === 'operand' || place.isItem;
  return beside ?? (isOperand ? takeNumber(source, ({ value }) => isAccepted(value)) : undefined);
}

/** Creates a number for a required parameter: the next one of the prompt, or one within the bounds. */
export function chooseNumber(
  schema: Keywords,
  place: ValuePlace,
  source: ValueSource,
  isAccepted: IsAccepted,
): number {
  const found = takeNumber(source, ({ value }) => isAccepted(value));
  if (found !== undefined) return found;
  const bound = (...names: string[]) =>
    names.map((name) => schema[name]).filter((value) => typeof value === 'number');
  const lower = Math.max(-Infinity, ...bound('minimum', 'exclusiveMinimum'));
  const upper = Math.min(Infinity, ...bound('maximum', 'exclusiveMaximum'));
  const step = typeof schema['multipleOf'] === 'number' ? schema['multipleOf'] : 1;
  let first = Math.ceil(1 / step);
  if (lower > 1) first = Math.ceil(lower / step);
  else if (upper < first * step)
    first = Math.max(Math.ceil(lower / step), Math.floor(upper / step) - 40);
  const middle = lower + (upper - lower) / (2 + place.variant);
  const steps = Array.from({ length: 100 }, (_, index) => (first + index) * step);
  const valid = steps.filter(isAccepted);
  if (valid.length > 0) return valid[place.variant % valid.length]!;
  return [middle, lower, upper].find((value) => Number.isFinite(value) && isAccepted(value)) ?? 0;
}

/** Finds the value of an enumeration that a prompt mentions. */
export function findEnumValue(values: readonly unknown[], source: ValueSource): unknown {
  const { text, stems } = source.mentions;
  const lower = text.toLowerCase();
  return values.find((value) => {
    if (typeof value === 'number') return source.numbers.some((number) => number.value === value);
    if (typeof value !== 'string' || value === '') return false;
    const words = [...stemsOf(value)];
    if (words.length > 0) return words.every((word) => stems.has(word));
    return value.length > 1 && splitWords(lower).includes(value.toLowerCase());
  });
}

/** Finds the value of a boolean in a prompt; undefined if the prompt does not mention its name. */
export function findBoolean(place: ValuePlace, source: ValueSource): boolean | undefined {
  const { text, stems } = source.mentions;
  const name = splitWords(place.name).find((word) => stems.has(stem(word)));
  if (name === undefined || !stemsOf(place.name).has(stem(name))) return undefined;
  const words = splitWords(text);
  const index = words.findIndex((word) => stem(word) === stem(name));
  const before = words.slice(Math.max(0, index - 2), index);
  return !before.some((word) => /^(?:no|not|without|never|don['’]t)$/.test(word));
}
