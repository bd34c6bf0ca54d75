import { topicsOf } from './topics.ts';
import { isCommonWord, MAX_TEXT, splitWords, stem } from './words.ts';

/** The parts of a prompt that can become arguments of tools, each kind in the order of the text. */
export interface Mentions {
  readonly text: string;
  readonly stems: ReadonlySet<string>;
  readonly numbers: readonly NumberMention[];
  readonly quotes: readonly string[];
  readonly emails: readonly string[];
  readonly urls: readonly string[];
  readonly dates: readonly string[];
  readonly times: readonly string[];
  readonly paths: readonly string[];
  /** Words with digits, such as `ORD-123`. */
  readonly identifiers: readonly string[];
  readonly names: readonly NameMention[];
  /** Members of an enumeration, such as `apples, pears and plums`. */
  readonly list: readonly string[];
  /** An arithmetic expression in the notation of calculators; null without one. */
  readonly expression: string | null;
}

export interface NumberMention {
  readonly value: number;
  /** Stems of the words next to it: `limit 5`, `5 days`. */
  readonly near: readonly string[];
}

export interface NameMention {
  readonly name: string;
  /** The word before it, such as `in`; null for a capitalized name after any other word. */
  readonly preposition: string | null;
}

/** Finds the mentions of a prompt. */
export function findMentions(prompt: string): Mentions {
  const text = prompt.slice(0, MAX_TEXT).trim();
  let rest = text;
  // Each search removes its matches, so that the digits of a date are not found as numbers.
  const take = (pattern: RegExp, part = 0): string[] => {
    const found: string[] = [];
    rest = rest.replace(pattern, (...match: unknown[]) => {
      found.push(String(match[part] ?? match[0]));
      return ' ¦ ';
    });
    return found;
  };
  const quotes = [...text.matchAll(QUOTE)].map((match) => match.slice(1).find(Boolean)!);
  const urls = take(/\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)]/g);
  const emails = take(/[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g);
  const dates = take(
    /\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?/g,
  );
  const times = take(/\b(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\b/g);
  const paths = take(
    /(?<![\w/])(?:~|\.{1,2})?\/[A-Za-z_.][\w./-]*|(?<![\w./-])[\w./-]{0,200}[A-Za-z_-][\w-]{0,60}\.[a-z][a-z\d]{1,3}\b/g,
  );
  const expression = findExpression(rest);
  const identifiers = take(/#?\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z_])[A-Za-z\d][\w-]+|#\d+/g).map(
    (word) => word.replace(/^#/, ''),
  );
  return {
    text,
    stems: topicsOf(text, expression),
    numbers: findNumbers(rest),
    quotes,
    emails,
    urls,
    dates,
    times,
    paths,
    identifiers,
    names: findNames(rest),
    list: findList(rest),
    expression,
  };
}

const QUOTE =
  /"([^"\n]+)"|“([^”\n]+)”|«([^»\n]+)»|`([^`\n]+)`|(?<![\p{L}\d])'([^'\n]+)'(?![\p{L}\d])/gu;

const OPERATOR_WORDS: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d|\))\s*(?:\btimes\b|multiplied by|×|\bx\b|·)\s*(?=-?[\d(])/gi, ' * '],
  [/(?<=\d|\))\s*(?:\bdivided by\b|\bover\b|÷)\s*(?=-?[\d(])/gi, ' / '],
  [/(?<=\d|\))\s*\bplus\b\s*(?=-?[\d(])/gi, ' + '],
  [/(?<=\d|\))\s*(?:\bminus\b|−)\s*(?=-?[\d(])/gi, ' - '],
  [/(?<=\d|\))\s*(?:\bto the power of\b|\*\*)\s*(?=-?[\d(])/gi, ' ^ '],
];

function findExpression(text: string): string | null {
  const [, radicand] = /\bsquare root of (\d+(?:\.\d+)?)/i.exec(text) ?? [];
  if (radicand !== undefined) return `sqrt(${radicand})`;
  const [, percentage, whole] =
    /\b(\d+(?:\.\d+)?)\s?(?:%|percent) of (\d+(?:\.\d+)?)/i.exec(text) ?? [];
  if (percentage !== undefined) return `${percentage} / 100 * ${whole}`;
  let arithmetic = text.replace(/(?<=\d),(?=\d{3}\b)/g, '');
  for (const [words, operator] of OPERATOR_WORDS) arithmetic = arithmetic.replace(words, operator);
  for (const [run] of arithmetic.matchAll(/(?<![\w.])[-(\d][-\d\s.+*/^%()]*/g)) {
    const expression = balance(run.replace(/[^\d)]+$/, ''))
      .replace(/\s+/g, ' ')
      .trim();
    if (/[\d)]\s*[-+*/^%]\s*[-(]*\s*\d/.test(expression)) return expression;
  }
  return null;
}

/** Removes parentheses if they do not match. */
function balance(expression: string): string {
  let depth = 0;
  for (const character of expression) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) break;
  }
  return depth === 0 ? expression : expression.replace(/[()]/g, ' ');
}

const NUMBER_WORDS = new Map(
  'two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, index) => [word, index + 2] as const),
);

function findNumbers(text: string): NumberMention[] {
  const tokens =
    text.match(
      /(?<![\d)]\s*)(?<!\w)-\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[\p{L}_]+/gu,
    ) ?? [];
  const numbers: NumberMention[] = [];
  for (const [index, token] of tokens.entries()) {
    const word = NUMBER_WORDS.get(token.toLowerCase());
    const value = word ?? Number(token.replaceAll(',', ''));
    if (!/^-?\d/.test(token) && word === undefined) continue;
    const [previous, earlier, next] = [tokens[index - 1], tokens[index - 2], tokens[index + 1]];
    const before = previous && /^(?:of|is|to|=|than|most)$/i.test(previous) ? earlier : previous;
    const near = [before, next].flatMap((each) => (each ? splitWords(each).map(stem) : []));
    numbers.push({ value, near });
  }
  return numbers;
}

const PREPOSITIONS = 'in|for|to|from|at|near|of|about|named|called|is|am|on|with|by';
const NAME = `\\p{Lu}[\\p{L}\\p{M}'’.-]*`;
const CAPITALIZED = new RegExp(
  `(?:\\b(${PREPOSITIONS})\\s+(?:the\\s+)?)?(${NAME}(?:\\s+(?:(?:de|da|of|la|del|van|von)\\s+)?${NAME})*)`,
  'gu',
);
const LOWER_CASE =
  /\b(in|for|to|from|at|near|about|named|called|with)\s+(?:the\s+)?([\p{L}-]{2,})/giu;

function findNames(text: string): NameMention[] {
  const names: NameMention[] = [];
  for (const { 1: preposition, 2: raw = '', index } of text.matchAll(CAPITALIZED)) {
    const name = raw.replace(/['’]s$|[.'’-]+$/u, '');
    // A capital at the start of a sentence does not make a name.
    const startsSentence = /(?:^|[.!?:¦]\s*)$/.test(text.slice(0, index));
    const isWord = isCommonWord(name.toLowerCase());
    if (name === '' || isWord || (startsSentence && !/\s/.test(name))) continue;
    names.push({ name, preposition: preposition?.toLowerCase() ?? null });
  }
  for (const [, preposition = '', name = ''] of text.matchAll(LOWER_CASE)) {
    const isKnown = names.some((known) => known.name.toLowerCase().startsWith(name.toLowerCase()));
    if (isKnown || isCommonWord(name.toLowerCase())) continue;
    names.push({ name, preposition: preposition.toLowerCase() });
  }
  return names;
}

function findList(text: string): string[] {
  const found =
    /(?<![\p{L}\d-])(?:[\p{L}\d-]+(?:,\s*[\p{L}\d-]+)*,?\s+(?:and|or)\s+[\p{L}\d-]+|[\p{L}\d-]+(?:,\s*[\p{L}\d-]+)+)/u.exec(
      text,
    );
  if (!found) return [];
  return found[0].split(/,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+/).filter(Boolean);
}
