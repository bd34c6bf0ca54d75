// JSON with places for what is known only when it is sent. The view checks with it what is typed, and
// the host fills it. JSON.parse knows no places, and says where something is wrong in every browser
// differently or not at all.

/** A piece of a template. */
export type TemplatePiece =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'place';
      readonly name: string;
      readonly isInString: boolean;
      /** Where it stands. */
      readonly at: number;
    };

/** What is wrong with a text that should be JSON, and where. */
export interface SyntaxFault {
  /** Counted from 0. */
  readonly offset: number;
  /** What is wrong and how it is mended. */
  readonly message: string;
}

/** A text that has been read. */
export type ParsedTemplate =
  | { readonly pieces: readonly TemplatePiece[]; readonly isObject: boolean; readonly fault: null }
  | { readonly pieces: null; readonly fault: SyntaxFault };

/** Deeper ones are nobody's, and the reader goes down by calling itself. */
const DEEPEST = 200;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const PLACE = /\{\{([^{}"\n]*)\}\}/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const SPACE = /[ \t\r\n]*/y;

class FaultFound extends Error {
  readonly fault: SyntaxFault;

  constructor(fault: SyntaxFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Reads JSON with places, such as {"prompt": "{{input}}"}; without places it is JSON itself. */
export function parseTemplate(source: string): ParsedTemplate {
  const pieces: TemplatePiece[] = [];
  let at = 0;
  /** Where the text that is no piece yet begins. */
  let begun = 0;

  const fail = (why: string, where = at): never => {
    throw new FaultFound({ offset: where, message: why });
  };

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at += match[0].length;
    return match;
  }

  function takePlace(isInString: boolean): boolean {
    const from = at;
    const match = take(PLACE);
    if (!match) return false;
    if (from > begun) pieces.push({ type: 'text', text: source.slice(begun, from) });
    pieces.push({ type: 'place', name: match[1]!.trim(), isInString, at: from });
    begun = at;
    return true;
  }

  function readString(): void {
    const from = at;
    at += 1;
    while (at < source.length) {
      const sign = source[at]!;
      if (sign === '"') {
        at += 1;
        return;
      }
      if (sign < ' ')
        fail('A string ends in its line: write a new line in it as \\n, a tab as \\t.');
      if (sign === '\\' && !take(ESCAPE)) fail('No such escape: write a backslash as \\\\.');
      else if (sign !== '\\' && !takePlace(true)) at += 1;
    }
    fail('This string does not end: a " is missing.', from);
  }

  function readMembers(close: '}' | ']', readMember: () => void): void {
    const from = at;
    at += 1;
    take(SPACE);
    if (source[at] === close) return void (at += 1);
    for (;;) {
      readMember();
      take(SPACE);
      const sign = source[at];
      if (sign === close) return void (at += 1);
      if (sign === undefined) fail(`What begins here does not end: a ${close} is missing.`, from);
      if (sign !== ',') fail(`Here a comma or ${close} must stand, not ${shown(source, at)}.`);
      const comma = at;
      at += 1;
      take(SPACE);
      if (source[at] === close) fail(`No comma before ${close}: take it away.`, comma);
    }
  }

  function readValue(depth: number): void {
    if (depth > DEEPEST) fail(`It is more than ${DEEPEST} levels deep.`);
    take(SPACE);
    const sign = source[at];
    if (sign === undefined) fail('A value is missing here.');
    if (takePlace(false)) return;
    if (sign === '"') return readString();
    if (sign === '{') return readMembers('}', () => readEntry(depth));
    if (sign === '[') return readMembers(']', () => readValue(depth + 1));
    if (!take(NUMBER) && !take(WORD)) {
      fail(`${shown(source, at)} is no value of JSON: text stands in double quotes.`);
    }
  }

  function readEntry(depth: number): void {
    if (source[at] !== '"') {
      fail(`A name in double quotes must stand here, not ${shown(source, at)}.`);
    }
    readString();
    take(SPACE);
    if (source[at] !== ':') fail(`A colon must follow the name, not ${shown(source, at)}.`);
    at += 1;
    readValue(depth + 1);
  }

  try {
    take(SPACE);
    const isObject = source[at] === '{' && !source.startsWith('{{', at);
    readValue(0);
    take(SPACE);
    if (at < source.length) fail(`After the value nothing may follow: ${shown(source, at)}.`);
    if (begun < source.length) pieces.push({ type: 'text', text: source.slice(begun) });
    return { pieces, isObject, fault: null };
  } catch (error) {
    if (error instanceof FaultFound) return { pieces: null, fault: error.fault };
    throw error;
  }
}

/** What stands there, short enough for a sentence. */
function shown(source: string, at: number): string {
  const [word] = /^(?:[\p{L}\p{N}_-]{1,20}|.|$)/su.exec(source.slice(at))!;
  return word === '' ? 'the end' : word;
}

/** What keeps a text from being JSON as it stands; null where it is. */
export function checkJson(source: string): SyntaxFault | null {
  const { pieces, fault } = parseTemplate(source);
  if (fault) return fault;
  const place = pieces.find((piece) => piece.type === 'place' && !piece.isInString);
  return place?.type === 'place'
    ? { offset: place.at, message: `{{${place.name}}} is filled in templates only.` }
    : null;
}

/** Where it is wrong, counted as editors do, and how it is mended. */
export function describeFault(source: string, { offset: at, message: why }: SyntaxFault): string {
  const before = source.slice(0, at).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}: ${why}`;
}
