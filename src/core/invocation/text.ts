import { laidOut } from '../../shared/jsonLayout.ts';
import { asMembers, asString, elementsOf, type Members } from './json.ts';

/** Where agents commonly put their words, the likeliest first. */
const TEXT_MEMBERS = ['result', 'response', 'output', 'message', 'text'] as const;

/** The words in an agent's JSON, and how many of its fields are not in them. */
export interface WordsIn {
  readonly text: string;
  readonly leftOut: number;
}

/** The words in an agent's JSON, if it is words that it holds. */
export function wordsIn(value: unknown): WordsIn | undefined {
  if (typeof value === 'string') return { text: value, leftOut: 0 };
  const members = asMembers(value);
  if (members === null) return undefined;
  for (const name of TEXT_MEMBERS) {
    const words = wordsIn(members[name]);
    if (words) return { text: words.text, leftOut: words.leftOut + countBeside(name, members) };
  }
  const { content } = members;
  const text = typeof content === 'string' ? content : textOfBlocks(content);
  return text === undefined ? undefined : { text, leftOut: countBeside('content', members) };
}

/** The words alone. */
export function textOf(value: unknown): string | undefined {
  return wordsIn(value)?.text;
}

// What is empty, and what says only that it is a message, is missed by nobody.
function countBeside(name: string, members: Members): number {
  return Object.entries(members).filter(
    ([key, value]) => ![name, 'role', 'type'].includes(key) && !isEmpty(value),
  ).length;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Any JSON, laid out to be read. */
export function prettyJson(value: unknown): string {
  return laidOut(JSON.stringify(value));
}

/** What a tool gave back, to be read: its words where it is words, and JSON otherwise. */
export function resultText(content: unknown): string {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  return textOfBlocks(content) ?? prettyJson(simplified(content));
}

// A message of a model's: agents on Strands hand theirs out whole.
function textOfBlocks(content: unknown): string | undefined {
  const texts = elementsOf(content).map((block) => asString(asMembers(block)?.['text']));
  return texts.length > 0 && texts.every((text) => text !== null) ? texts.join('') : undefined;
}

// Bedrock's tools give JSON back in a list of one.
function simplified(content: unknown): unknown {
  const [only, more] = elementsOf(content);
  const json = asMembers(only)?.['json'];
  return json !== undefined && more === undefined ? json : content;
}
