import type { Random } from './random.ts';

// A parsed part of a regular expression. Supports only the syntax that AWS's model uses.
type Piece =
  | { readonly kind: 'character'; readonly characters: readonly string[] }
  | { readonly kind: 'alternatives'; readonly alternatives: readonly Piece[][] }
  | {
      readonly kind: 'repetition';
      readonly piece: Piece;
      readonly min: number;
      readonly max: number;
    };

// One character or class. Anything else is a literal.
const ATOM = /^(?:\\p\{\w+\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\.|\[(?:\\.|[^\]\\])*\]|[^()|])/u;
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})/;
const ALPHABET = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...Array.from('\t\néß漢😀'),
];

/** Generates a text of the given length that a pattern of AWS's model matches as a whole. */
export function generateMatch(
  pattern: string,
  { min = 0, max = Infinity }: { min?: number | undefined; max?: number | undefined },
  random: Random,
  alphabet: readonly string[] = ALPHABET,
): string {
  const pieces = parse(pattern, alphabet);
  const whole = new RegExp(`^(?:${pattern})$`, 'u');
  // Tries several limits for unbounded repetitions, because short patterns can have long minimum lengths.
  for (let tries = 0; tries < 4000; tries++) {
    const text = generate(pieces, random, [4, 12, 40, 90][tries % 4]!);
    const { length } = Array.from(text);
    if (length >= min && length <= max && whole.test(text)) return text;
  }
  throw new Error(`found no text of ${min} to ${max} characters for ${pattern}`);
}

function generate(pieces: readonly Piece[], random: Random, spread: number): string {
  return pieces
    .map((piece) => {
      switch (piece.kind) {
        case 'character':
          return random.pick(piece.characters);
        case 'alternatives':
          return generate(random.pick(piece.alternatives), random, spread);
        case 'repetition': {
          const times = random.int(piece.min, Math.min(piece.max, piece.min + spread));
          return Array.from({ length: times }, () => generate([piece.piece], random, spread)).join(
            '',
          );
        }
      }
    })
    .join('');
}

// Cached, because parsing tries each character of the alphabet against each class, and the model's few
// hundred patterns are used tens of thousands of times.
const parsed = new Map<readonly string[], Map<string, Piece[]>>();

function parse(pattern: string, alphabet: readonly string[]): Piece[] {
  const cache = parsed.get(alphabet) ?? new Map<string, Piece[]>();
  parsed.set(alphabet, cache);
  const pieces = cache.get(pattern) ?? parseUncached(pattern, alphabet);
  cache.set(pattern, pieces);
  return pieces;
}

function parseUncached(pattern: string, alphabet: readonly string[]): Piece[] {
  let rest = pattern;

  function take(expression: RegExp): RegExpExecArray | null {
    const match = expression.exec(rest);
    if (match) rest = rest.slice(match[0].length);
    return match;
  }

  function alternatives(): Piece[][] {
    const all: Piece[][] = [[]];
    while (rest !== '' && !rest.startsWith(')')) {
      if (take(/^\|/)) all.push([]);
      // Assertions generate nothing. The text is matched against the whole pattern afterwards.
      else if (!take(/^(?:[$^]|\(\?!.*?\))/)) all.at(-1)!.push(withQuantifier(piece()));
    }
    return all;
  }

  function piece(): Piece {
    if (take(/^\((?:\?:)?/)) {
      const inside = alternatives();
      if (!take(/^\)/)) throw new Error(`cannot read the pattern ${pattern}`);
      return { kind: 'alternatives', alternatives: inside };
    }
    const atom = take(ATOM);
    if (!atom) throw new Error(`cannot read the pattern ${pattern} at ${rest}`);
    const single = new RegExp(`^${atom[0]}$`, 'u');
    const characters = alphabet.filter((character) => single.test(character));
    return { kind: 'character', characters: characters.length > 0 ? characters : [atom[0]] };
  }

  function withQuantifier(piece: Piece): Piece {
    const quantifier = take(QUANTIFIER);
    if (!quantifier) return piece;
    const [text, from, to] = quantifier;
    if (from === undefined) {
      return {
        kind: 'repetition',
        piece,
        min: text === '+' ? 1 : 0,
        max: text === '?' ? 1 : Infinity,
      };
    }
    const min = Number(from);
    const max = to === undefined ? min : to === '' ? Infinity : Number(to);
    return { kind: 'repetition', piece, min, max };
  }

  return [{ kind: 'alternatives', alternatives: alternatives() }];
}
