import { formatJson } from '../../shared/formatJson.ts';
import { asMembers, asString, readElements, type JsonMembers } from './json.ts';

/** Fields in which agents put their text, most likely first. */
const TEXT_FIELDS = ['result', 'response', 'output', 'answer', 'message', 'text'] as const;

/** Fields whose names indicate that they contain the next piece of a text. */
const PIECE_FIELDS = ['delta', 'token'] as const;

/** The text in an agent's JSON. */
export interface TextInJson {
  readonly text: string;
  /** Number of fields that are not part of the text. */
  readonly leftOut: number;
  /** True if the text continues the one before; otherwise it may also repeat it. */
  readonly isPiece: boolean;
}

/** Finds the text in an agent's JSON. */
export function findText(value: unknown): TextInJson | undefined {
  if (typeof value === 'string') return { text: value, leftOut: 0, isPiece: false };
  const members = asMembers(value);
  if (members === null) return undefined;
  const found = findTextIn(members, TEXT_FIELDS);
  if (found) return found;
  const { content } = members;
  const text = typeof content === 'string' ? content : joinBlocks(content);
  if (text !== undefined) {
    return { text, leftOut: countBeside('content', members), isPiece: false };
  }
  const piece = findTextIn(members, PIECE_FIELDS);
  return piece && { ...piece, isPiece: true };
}

function findTextIn(members: JsonMembers, fields: readonly string[]): TextInJson | undefined {
  for (const field of fields) {
    const found = findText(members[field]);
    if (found) return { ...found, leftOut: found.leftOut + countBeside(field, members) };
  }
  return undefined;
}

/** Finds the text in an agent's JSON, without its details. */
export function textOnly(value: unknown): string | undefined {
  return findText(value)?.text;
}

// Empty fields, and those that only mark the object as a message, do not count.
function countBeside(name: string, members: JsonMembers): number {
  return Object.entries(members).filter(
    ([key, value]) => ![name, 'role', 'type'].includes(key) && !isEmpty(value),
  ).length;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Formats JSON for reading. */
export function prettyJson(value: unknown): string {
  return formatJson(JSON.stringify(value));
}

/** Formats a tool's result for reading: its text where it has one, otherwise its JSON. */
export function resultText(content: unknown): string {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  return joinBlocks(content) ?? prettyJson(simplified(content));
}

// The content of a model's message, which Strands agents return whole.
function joinBlocks(content: unknown): string | undefined {
  const texts = readElements(content).map((block) => asString(asMembers(block)?.['text']));
  return texts.length > 0 && texts.every((text) => text !== null) ? texts.join('') : undefined;
}

// Bedrock's tools return JSON in a list with one element.
function simplified(content: unknown): unknown {
  const [only, more] = readElements(content);
  const json = asMembers(only)?.['json'];
  return json !== undefined && more === undefined ? json : content;
}
