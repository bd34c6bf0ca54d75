import { asString, exactNumber, isJson } from './json.ts';

/** Deepest nesting, so that the stack does not overflow. */
const MAX_DEPTH = 100;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

const NAMES = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Key of a call's name among its arguments. */
export const CALL_NAME = '()';

/** Key of a call's arguments that have no keyword. */
export const POSITIONAL_ARGUMENTS = '(…)';

/** The rest of the text is not a literal. The part before it is kept. */
class UnreadableLiteral extends Error {}

/**
 * Parses the output of Python's `repr`, which the Python SDK sends for a value that JSON cannot
 * represent. A call becomes an object of its keyword arguments. Parsing stops at the first part that
 * is neither a literal nor a call. Undefined if the text does not start with one.
 */
export function readPythonLiteral(text: string): unknown {
  if (!/^(?:[{[(]|[A-Z]\w*\()/.test(text)) return undefined;
  let at = 0;
  let stopped = false;

  function next(pattern: RegExp): string | null {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return null;
    at = pattern.lastIndex;
    return match[0];
  }

  const take = (token: string) => {
    next(/\s*/y);
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };

  function expect(token: string): void {
    if (!take(token)) throw new UnreadableLiteral();
  }

  /** Reads members up to the closing bracket, or as many as can be read. */
  function readMembers(close: string, readMember: () => void): void {
    try {
      while (!take(close)) {
        readMember();
        if (stopped) return;
        if (take(',')) continue;
        expect(close);
        return;
      }
    } catch (error) {
      if (!(error instanceof UnreadableLiteral)) throw error;
      stopped = true;
    }
  }

  function readString(): string {
    const quote = text[at]!;
    at += 1;
    let value = '';
    while (true) {
      value += next(quote === "'" ? /[^'\\]*/y : /[^"\\]*/y);
      if (text[at] === quote) break;
      const escape = next(/\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[^])/iy);
      // The text was cut off.
      if (escape === null) {
        stopped = true;
        return value;
      }
      value += unescape(escape);
    }
    at += 1;
    return value;
  }

  function readDictionary(depth: number): Record<string, unknown> {
    const members: [string, unknown][] = [];
    readMembers('}', () => {
      const key = readValue(depth);
      expect(':');
      members.push([asString(key) ?? JSON.stringify(key), readValue(depth)]);
    });
    return Object.fromEntries(members);
  }

  function readList(close: string, depth: number): unknown[] {
    const elements: unknown[] = [];
    readMembers(close, () => void elements.push(readValue(depth)));
    return elements;
  }

  function readCall(name: string, depth: number): Record<string, unknown> {
    const positional: unknown[] = [];
    const members: [string, unknown][] = [
      [CALL_NAME, name],
      [POSITIONAL_ARGUMENTS, positional],
    ];
    readMembers(')', () => {
      const keyword = next(/\s*\w+=(?!=)/y);
      const value = readValue(depth);
      if (keyword === null) positional.push(value);
      else members.push([keyword.trim().slice(0, -1), value]);
    });
    return Object.fromEntries(members);
  }

  function readValue(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new UnreadableLiteral();
    next(/\s*/y);
    if (take('{')) return readDictionary(depth + 1);
    if (take('[')) return readList(']', depth + 1);
    if (take('(')) return readList(')', depth + 1);
    // The prefix of a bytes literal.
    next(/b(?=['"])/y);
    if (text[at] === "'" || text[at] === '"') return readString();
    const number = next(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy);
    if (number !== null) return parseNumber(number);
    // An object without a literal form.
    if (next(/<[^<>'"]{1,300}>/y) !== null) return null;
    const name = next(/[A-Za-z_][\w.]*/y);
    if (name === null) throw new UnreadableLiteral();
    if (take('(')) return readCall(name, depth + 1);
    if (!NAMES.has(name)) throw new UnreadableLiteral();
    return NAMES.get(name);
  }

  try {
    return readValue(0);
  } catch (error) {
    if (error instanceof UnreadableLiteral) return undefined;
    throw error;
  }
}

// Python's notation of numbers is not always JSON.
function parseNumber(source: string): unknown {
  return isJson(source) ? exactNumber(source) : Number(source);
}

function unescape(escape: string): string {
  const code = /^\\[xuU]([\da-f]+)$/i.exec(escape)?.[1];
  if (code === undefined) return ESCAPES[escape[1]!] ?? escape[1]!;
  const point = Number.parseInt(code, 16);
  return point > 0x10_ff_ff ? '\u{fffd}' : String.fromCodePoint(point);
}
