import { readFileSync } from 'node:fs';

/** A turn of a conversation with the facts that a good semantic extractor stores. */
export interface ConversationTurn {
  readonly conversation: string;
  readonly role: 'USER' | 'ASSISTANT';
  readonly text: string;
  /** Facts to find. The decisive words are in braces, alternatives between bars: `owns {two|2} cats`. */
  readonly facts?: readonly string[];
  /** Facts that an extractor may store or leave out. */
  readonly optional?: readonly string[];
}

/**
 * 150 turns of 15 conversations, written before their author read the rules. The rules were developed
 * on every second conversation, from the first on. The others only measure them.
 */
export const turns: readonly ConversationTurn[] = readFileSync(
  new URL('conversations.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as ConversationTurn);

/** Returns the turns of every second conversation, from the given one on. */
export function halfOfTurns(half: 0 | 1): ConversationTurn[] {
  const names = [...new Set(turns.map(({ conversation }) => conversation))];
  return turns.filter(({ conversation }) => names.indexOf(conversation) % 2 === half);
}

/**
 * Returns whether a record states the fact of a label: it contains the decisive words, denies what the
 * label denies, and says little beyond the labels of its turn, so that a copied turn does not count.
 */
export function statesFact(record: string, label: string, allLabels: readonly string[]): boolean {
  const decisive = [...label.matchAll(/\{([^}]+)\}/g)].map(([, words = '']) => words.split('|'));
  const labeled = new Set(allLabels.flatMap(contentWords));
  const extra = contentWords(record).filter((word) => !labeled.has(word));
  return (
    decisive.every((words) => words.some((word) => includesWords(record, word))) &&
    NEGATION.test(record) === NEGATION.test(label) &&
    extra.length <= Math.ceil(contentWords(label).length / 2)
  );
}

/** Returns whether a record says nothing but a fact of a label, or a part of it. */
export function isPartOf(record: string, label: string): boolean {
  const words = contentWords(label);
  return (
    NEGATION.test(record) === NEGATION.test(label) &&
    contentWords(record).every((word) => words.includes(word))
  );
}

const NEGATION = /\b(?:not?|never|nobody|without|no longer)\b|n't\b/i;

const FUNCTION_WORDS = new Set(
  'a an the user users s is are was were be been am has have had and or of to in on at for with from by it its their they them his her that this as called named'.split(
    ' ',
  ),
);

function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !FUNCTION_WORDS.has(word));
}

/** Compares whole words, and ignores case and punctuation. */
function includesWords(text: string, part: string): boolean {
  const normalize = (value: string) =>
    ` ${(value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;
  return normalize(text).includes(normalize(part));
}
