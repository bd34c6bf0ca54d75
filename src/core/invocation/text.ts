import { laidOut } from '../../shared/jsonLayout.ts';
import { asMembers, asString, elementsOf } from './json.ts';

/** Where agents commonly put their words, the likeliest first. */
const TEXT_MEMBERS = ['result', 'response', 'output', 'message', 'text'] as const;

/** The words in an agent's JSON, if it is words that it holds. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const members = asMembers(value);
  if (members === null) return undefined;
  for (const name of TEXT_MEMBERS) {
    const words = textOf(members[name]);
    if (words !== undefined) return words;
  }
  const { content } = members;
  return typeof content === 'string' ? content : textOfBlocks(content);
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
