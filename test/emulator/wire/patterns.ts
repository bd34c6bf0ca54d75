import type { Random } from './random.ts';

// A text of a regular expression, taken apart as far as AWS's model uses them.
type Piece =
  | { readonly kind: 'one'; readonly of: readonly string[] }
  | { readonly kind: 'either'; readonly ways: readonly Piece[][] }
  | { readonly kind: 'times'; readonly piece: Piece; readonly min: number; readonly max: number };

// One character or class; what is no such thing is a literal.
const ATOM = /^(?:\\p\{\w+\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\.|\[(?:\\.|[^\]\\])*\]|[^()|])/u;
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})/;
const ALPHABET = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...Array.from('\t\néß漢😀'),
];

/** A text that a pattern of AWS's model matches as a whole, within the given length. */
export function textMatching(
  pattern: string,
  { min = 0, max = Infinity }: { min?: number | undefined; max?: number | undefined },
  random: Random,
  alphabet: readonly string[] = ALPHABET,
): string {
  const pieces = parse(pattern, alphabet);
  const whole = new RegExp(`^(?:${pattern})$`, 'u');
  // How far unbounded repetitions go is found by trying: short patterns have long minima.
  for (let tries = 0; tries < 4000; tries++) {
    const text = write(pieces, random, [4, 12, 40, 90][tries % 4]!);
    const { length } = Array.from(text);
    if (length >= min && length <= max && whole.test(text)) return text;
  }
  throw new Error(`found no text of ${min} to ${max} characters for ${pattern}`);
}

function write(pieces: readonly Piece[], random: Random, reach: number): string {
  return pieces
    .map((piece) => {
      switch (piece.kind) {
        case 'one':
          return random.pick(piece.of);
        case 'either':
          return write(random.pick(piece.ways), random, reach);
        case 'times': {
          const times = random.int(piece.min, Math.min(piece.max, piece.min + reach));
          return Array.from({ length: times }, () => write([piece.piece], random, reach)).join('');
        }
      }
    })
    .join('');
}

// Each character of the alphabet is tried against each class of a pattern, and the model's few
// hundred patterns are asked for by the ten thousand.
const parsed = new Map<readonly string[], Map<string, Piece[]>>();

function parse(pattern: string, alphabet: readonly string[]): Piece[] {
  const ofAlphabet = parsed.get(alphabet) ?? new Map<string, Piece[]>();
  parsed.set(alphabet, ofAlphabet);
  const pieces = ofAlphabet.get(pattern) ?? parseAnew(pattern, alphabet);
  ofAlphabet.set(pattern, pieces);
  return pieces;
}

function parseAnew(pattern: string, alphabet: readonly string[]): Piece[] {
  let rest = pattern;

  function take(expression: RegExp): RegExpExecArray | null {
    const match = expression.exec(rest);
    if (match) rest = rest.slice(match[0].length);
    return match;
  }

  function ways(): Piece[][] {
    const all: Piece[][] = [[]];
    while (rest !== '' && !rest.startsWith(')')) {
      if (take(/^\|/)) all.push([]);
      // Assertions say nothing of what to write; the whole pattern is matched afterwards.
      else if (!take(/^(?:[$^]|\(\?!.*?\))/)) all.at(-1)!.push(quantified(piece()));
    }
    return all;
  }

  function piece(): Piece {
    if (take(/^\((?:\?:)?/)) {
      const inside = ways();
      if (!take(/^\)/)) throw new Error(`cannot read the pattern ${pattern}`);
      return { kind: 'either', ways: inside };
    }
    const atom = take(ATOM);
    if (!atom) throw new Error(`cannot read the pattern ${pattern} at ${rest}`);
    const one = new RegExp(`^${atom[0]}$`, 'u');
    const of = alphabet.filter((character) => one.test(character));
    return { kind: 'one', of: of.length > 0 ? of : [atom[0]] };
  }

  function quantified(piece: Piece): Piece {
    const quantifier = take(QUANTIFIER);
    if (!quantifier) return piece;
    const [text, from, to] = quantifier;
    if (from === undefined) {
      return { kind: 'times', piece, min: text === '+' ? 1 : 0, max: text === '?' ? 1 : Infinity };
    }
    const min = Number(from);
    const max = to === undefined ? min : to === '' ? Infinity : Number(to);
    return { kind: 'times', piece, min, max };
  }

  return [{ kind: 'either', ways: ways() }];
}
