/** Maximum characters of an example, and maximum depth of its groups. */
const MAX_LENGTH = 500;
const MAX_NESTING = 20;

/**
 * Builds a text that a regular expression is likely to match: the first alternative of each group and
 * the smallest number of repetitions, or more up to `minLength`. Null for syntax that it does not know.
 */
export function patternExample(pattern: string, minLength = 0, variant = 0): string | null {
  for (let extra = 0; extra <= Math.min(minLength, 64); extra += 1) {
    const example = buildExample(pattern, extra, variant);
    if (example === null || example.length >= minLength) return example;
  }
  return buildExample(pattern, minLength, variant);
}

/** `extra` is the number of repetitions that the open-ended quantifiers add. */
function buildExample(pattern: string, extra: number, variant: number): string | null {
  let position = 0;
  /** The variant selects other alternatives, and another character of a class. */
  let moves = variant;

  function alternatives(nesting: number): string | null {
    if (nesting > MAX_NESTING) return null;
    let chosen = sequence(nesting);
    while (pattern[position] === '|') {
      position += 1;
      const other = sequence(nesting);
      if (other === null) return null;
      if (moves > 0) {
        moves -= 1;
        chosen = other;
      }
    }
    return chosen;
  }

  function sequence(nesting: number): string | null {
    let text = '';
    while (position < pattern.length && pattern[position] !== '|' && pattern[position] !== ')') {
      const atom = readAtom(nesting);
      if (atom === null) return null;
      text += atom.repeat(Math.min(readRepetitions(), MAX_LENGTH));
      if (text.length > MAX_LENGTH) return null;
    }
    return text;
  }

  function readAtom(nesting: number): string | null {
    const character = pattern[position]!;
    position += 1;
    switch (character) {
      case '^':
      case '$':
        return '';
      case '.':
        return 'a';
      case '[':
        return readClass();
      case '(':
        return readGroup(nesting);
      case '\\':
        return readEscape();
      default:
        return character;
    }
  }

  function readGroup(nesting: number): string | null {
    if (/^\?<?[=!]/.test(pattern.slice(position))) return null;
    const prefix = /^\?(?::|<[^>]+>)/.exec(pattern.slice(position));
    position += prefix?.[0].length ?? 0;
    const content = alternatives(nesting + 1);
    if (pattern[position] !== ')') return null;
    position += 1;
    return content;
  }

  function readEscape(): string | null {
    const character = pattern[position] ?? '';
    position += 1;
    if (character === 'b' || character === 'B') return '';
    if (character === 'p' || character === 'P') {
      const end = pattern.indexOf('}', position);
      const name = pattern.slice(position + 1, end);
      position = end + 1;
      if (character === 'P') return ' ';
      return PROPERTIES.find(([start]) => name.startsWith(start))?.[1] ?? null;
    }
    return pickFrom(ESCAPES[character] ?? (/[\dxuck]/.test(character) ? '' : character));
  }

  function readClass(): string | null {
    const end = findClassEnd(pattern, position);
    if (end < 0) return null;
    const body = pattern.slice(position, end);
    position = end + 1;
    let test: RegExp;
    try {
      test = new RegExp(`[${body}]`, 'u');
    } catch {
      return null;
    }
    return pickFrom(
      Array.from(CANDIDATES)
        .filter((each) => test.test(each))
        .join(''),
    );
  }

  function pickFrom(characters: string): string | null {
    if (characters === '') return null;
    const index = Math.min(moves, characters.length - 1);
    moves -= index;
    return characters[index]!;
  }

  function readRepetitions(): number {
    const [quantifier, least, comma, most] =
      /^(?:[*+?]|\{(\d+)(,)?(\d+)?\})\??/.exec(pattern.slice(position)) ?? [];
    if (quantifier === undefined) return 1;
    position += quantifier.length;
    switch (quantifier.charAt(0)) {
      case '?':
        return extra > 0 ? 1 : 0;
      case '*':
        return extra;
      case '+':
        return 1 + extra;
      default:
        if (!comma) return Number(least);
        return Math.min(Number(least) + extra, most === undefined ? Infinity : Number(most));
    }
  }

  const example = alternatives(0);
  return position === pattern.length ? example : null;
}

/** Characters for classes, letters first. */
const CANDIDATES =
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890-_ .,:;/@#%+*=!?&()[]{}<>\'"$^|~`\\';

/** Characters for Unicode properties, by the start of their names. */
const PROPERTIES: readonly (readonly [name: string, character: string])[] = [
  ['Lu', 'A'],
  ['L', 'a'],
  ['N', '1'],
];

const ESCAPES: Readonly<Record<string, string>> = {
  d: '1234567890',
  D: 'abc',
  w: 'abcdefghijklmnopqrstuvwxyz',
  W: ' -',
  s: ' ',
  S: 'abcdefghijklmnopqrstuvwxyz',
  n: '\n',
  t: '\t',
  r: '\r',
};

function findClassEnd(pattern: string, start: number): number {
  for (let index = start; index < pattern.length; index += 1) {
    if (pattern[index] === '\\') index += 1;
    else if (pattern[index] === ']' && index > start) return index;
  }
  return -1;
}
