import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

/** The keys and indexes that lead from the root of a JSON value to a part of it. */
export type JsonPath = readonly PropertyKey[];

/** A position in a text. Lines and columns count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A JSON text that was read, with the positions of its parts. */
export interface JsonText {
  readonly value: unknown;
  /** The position of the value at a path, or of the nearest value around it if it is missing. */
  locate(path: JsonPath): TextPosition;
}

/** Reports the first place where a text is not JSON. */
export class JsonSyntaxError extends Error {
  readonly position: TextPosition;

  constructor(message: string, position: TextPosition) {
    super(message);
    this.position = position;
  }
}

/** Parses strict JSON; throws a JsonSyntaxError. */
export function parseJson(text: string): JsonText {
  if (text.startsWith('\uFEFF')) {
    throw new JsonSyntaxError(
      'The file starts with a byte order mark. Save it as UTF-8 without one.',
      { line: 1, column: 1 },
    );
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first || !root) throw syntaxError(text, first);
  return {
    value: JSON.parse(text),
    locate: (path) => findPosition(text, findNode(root, path).offset),
  };
}

function syntaxError(text: string, error: ParseError | undefined): JsonSyntaxError {
  const offset = error?.offset ?? 0;
  const before = text.slice(0, offset).trimEnd();
  const code = error ? printParseErrorCode(error.error) : 'ValueExpected';
  if (code === 'InvalidCommentToken' || code === 'UnexpectedEndOfComment') {
    const message = 'JSON has no comments. Remove the comment.';
    return new JsonSyntaxError(message, findPosition(text, offset));
  }
  if (before.endsWith(',') && /[\]}]/.test(text.charAt(offset))) {
    const message = 'JSON has no trailing commas. Remove the comma.';
    return new JsonSyntaxError(message, findPosition(text, before.length - 1));
  }
  const reason = SYNTAX_ERRORS[code] ?? 'Unexpected text. Check the quotation marks and commas.';
  return new JsonSyntaxError(`Not valid JSON. ${reason}`, findPosition(text, offset));
}

const SYNTAX_ERRORS: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'Write a field name in double quotation marks here.',
  ValueExpected: 'Write a value here.',
  ColonExpected: 'Write ":" here.',
  CommaExpected: 'Write "," here.',
  CloseBraceExpected: 'Write "}" here.',
  CloseBracketExpected: 'Write "]" here.',
  EndOfFileExpected: 'Remove the text after the end of the value.',
  UnexpectedEndOfString: 'Close the string with a double quotation mark.',
};

/** Like JSON.parse, the last value of a repeated field counts. */
function findNode(root: Node, path: JsonPath): Node {
  let node = root;
  for (const key of path) {
    const child =
      node.type === 'array'
        ? node.children?.[Number(key)]
        : node.children?.findLast(({ children }) => children?.[0]?.value === key)?.children?.[1];
    if (!child) break;
    node = child;
  }
  return node;
}

function findPosition(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  return {
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
  };
}
