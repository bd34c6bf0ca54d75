import { asString, exactNumber, isJson } from './json.ts';

/** How deep a literal is read; a stack has an end. */
const DEEPEST = 100;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

const NAMES = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Under which name a call's own is found among its arguments. */
export const CALL_NAME = '()';

/** And the arguments that have no keyword. */
export const POSITIONAL_ARGUMENTS = '(…)';

/** What cannot be read: reading stops there, and keeps what it has. */
class UnreadableLiteral extends Error {}

/**
 * Reads what Python's `repr` made of a value, as the Python SDK sends whatever JSON cannot hold: as
 * far as it is literals, and calls, which become their keyword arguments. Undefined where the text
 * does not even begin so.
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

  function need(token: string): void {
    if (!take(token)) throw new UnreadableLiteral();
  }

  /** Reads members up to the closing bracket, or as many as can be read. */
  function readMembers(close: string, readMember: () => void): void {
    try {
      while (!take(close)) {
        readMember();
        if (stopped) return;
        if (take(',')) continue;
        need(close);
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
      // It was cut off.
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
      need(':');
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
    if (depth > DEEPEST) throw new UnreadableLiteral();
    next(/\s*/y);
    if (take('{')) return readDictionary(depth + 1);
    if (take('[')) return readList(']', depth + 1);
    if (take('(')) return readList(')', depth + 1);
    // The prefix of bytes.
    next(/b(?=['"])/y);
    if (text[at] === "'" || text[at] === '"') return readString();
    const number = next(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy);
    if (number !== null) return numberIn(number);
    // An object that has no literal: what it is does not matter.
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

/** JSON does not write all numbers as Python does. */
function numberIn(source: string): unknown {
  return isJson(source) ? exactNumber(source) : Number(source);
}

function unescape(escape: string): string {
  const code = /^\\[xuU]([\da-f]+)$/i.exec(escape)?.[1];
  if (code === undefined) return ESCAPES[escape[1]!] ?? escape[1]!;
  const point = Number.parseInt(code, 16);
  return point > 0x10_ff_ff ? '\u{fffd}' : String.fromCodePoint(point);
}
