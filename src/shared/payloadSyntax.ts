// Parses JSON with placeholders. The view checks templates with it, and the host fills them. JSON.parse
// supports no placeholders, and each browser reports the position of an error in its own way.

/** A piece of a template. */
export type TemplatePiece =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'placeholder';
      readonly name: string;
      readonly isInString: boolean;
      /** Offset in the source. */
      readonly at: number;
    };

/** A syntax error of JSON or of a template. */
export interface SyntaxFault {
  /** Offset in the source, from 0. */
  readonly offset: number;
  /** The error and its fix. */
  readonly message: string;
}

/** Result of parsing a template. */
export type ParsedTemplate =
  | { readonly pieces: readonly TemplatePiece[]; readonly isObject: boolean; readonly fault: null }
  | { readonly pieces: null; readonly fault: SyntaxFault };

/** Deepest nesting. The parser is recursive. */
const MAX_DEPTH = 200;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const PLACEHOLDER = /\{\{([^{}"\n]*)\}\}/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const SPACE = /[ \t\r\n]*/y;

class TemplateSyntaxError extends Error {
  readonly fault: SyntaxFault;

  constructor(fault: SyntaxFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Parses JSON with placeholders, such as {"prompt": "{{input}}"}. Plain JSON is valid too. */
export function parseTemplate(source: string): ParsedTemplate {
  const pieces: TemplatePiece[] = [];
  let at = 0;
  /** Start of the text since the last piece. */
  let textStart = 0;

  const fail = (message: string, offset = at): never => {
    throw new TemplateSyntaxError({ offset, message });
  };

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at += match[0].length;
    return match;
  }

  function takePlaceholder(isInString: boolean): boolean {
    const from = at;
    const match = take(PLACEHOLDER);
    if (!match) return false;
    if (from > textStart) pieces.push({ type: 'text', text: source.slice(textStart, from) });
    pieces.push({ type: 'placeholder', name: match[1]!.trim(), isInString, at: from });
    textStart = at;
    return true;
  }

  function readString(): void {
    const from = at;
    at += 1;
    while (at < source.length) {
      const character = source[at]!;
      if (character === '"') {
        at += 1;
        return;
      }
      if (character < ' ')
        fail('A string cannot span lines. Write a line break as \\n and a tab as \\t.');
      if (character === '\\' && !take(ESCAPE)) fail('Unknown escape. Write a backslash as \\\\.');
      else if (character !== '\\' && !takePlaceholder(true)) at += 1;
    }
    fail('This string has no closing ".', from);
  }

  function readMembers(close: '}' | ']', readMember: () => void): void {
    const from = at;
    at += 1;
    take(SPACE);
    if (source[at] === close) return void (at += 1);
    for (;;) {
      readMember();
      take(SPACE);
      const character = source[at];
      if (character === close) return void (at += 1);
      if (character === undefined) fail(`This bracket has no closing ${close}.`, from);
      if (character !== ',') fail(`Expected a comma or ${close}, not ${readWord(source, at)}.`);
      const comma = at;
      at += 1;
      take(SPACE);
      if (source[at] === close) fail(`Remove the comma before ${close}.`, comma);
    }
  }

  function readValue(depth: number): void {
    if (depth > MAX_DEPTH) fail(`The JSON is nested more than ${MAX_DEPTH} levels deep.`);
    take(SPACE);
    const character = source[at];
    if (character === undefined) fail('A value is missing here.');
    if (takePlaceholder(false)) return;
    if (character === '"') return readString();
    if (character === '{') return readMembers('}', () => readEntry(depth));
    if (character === '[') return readMembers(']', () => readValue(depth + 1));
    if (!take(NUMBER) && !take(WORD)) {
      fail(`${readWord(source, at)} is not a JSON value. Put text in double quotes.`);
    }
  }

  function readEntry(depth: number): void {
    if (source[at] !== '"') {
      fail(`Expected a name in double quotes, not ${readWord(source, at)}.`);
    }
    readString();
    take(SPACE);
    if (source[at] !== ':') fail(`Expected a colon after the name, not ${readWord(source, at)}.`);
    at += 1;
    readValue(depth + 1);
  }

  try {
    take(SPACE);
    const isObject = source[at] === '{' && !source.startsWith('{{', at);
    readValue(0);
    take(SPACE);
    if (at < source.length) fail(`Unexpected ${readWord(source, at)} after the value.`);
    if (textStart < source.length) pieces.push({ type: 'text', text: source.slice(textStart) });
    return { pieces, isObject, fault: null };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { pieces: null, fault: error.fault };
    throw error;
  }
}

/** Returns the word at an offset, short enough for a message. */
function readWord(source: string, at: number): string {
  const [word] = /^(?:[\p{L}\p{N}_-]{1,20}|.|$)/su.exec(source.slice(at))!;
  return word === '' ? 'the end' : word;
}

/** Finds the first syntax error of JSON; null if it is valid. */
export function checkJson(source: string): SyntaxFault | null {
  const { pieces, fault } = parseTemplate(source);
  if (fault) return fault;
  const placeholder = pieces.find((piece) => piece.type === 'placeholder' && !piece.isInString);
  return placeholder?.type === 'placeholder'
    ? {
        offset: placeholder.at,
        message: `The placeholder {{${placeholder.name}}} is only filled in templates.`,
      }
    : null;
}

/** Formats a syntax error with its line and column, both from 1. */
export function describeFault(source: string, { offset, message }: SyntaxFault): string {
  const before = source.slice(0, offset).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}: ${message}`;
}
