import type { Mentions, NameMention, NumberMention } from './mentions.ts';
import type { ParameterRole } from './roles.ts';

/** The mentions of a prompt that are not yet arguments. Each becomes at most one argument. */
export interface ValueSource {
  readonly mentions: Mentions;
  numbers: readonly NumberMention[];
  names: readonly NameMention[];
  texts: Readonly<Record<TextKind, readonly string[]>>;
}

export type TextKind =
  'quotes' | 'emails' | 'urls' | 'dates' | 'times' | 'paths' | 'identifiers' | 'list';

export function createSource(mentions: Mentions): ValueSource {
  const { numbers, names, quotes, emails, urls, dates, times, paths, identifiers, list } = mentions;
  const texts = { quotes, emails, urls, dates, times, paths, identifiers, list };
  return { mentions, numbers, names, texts };
}

/** Takes the first number that satisfies a condition. */
export function takeNumber(
  source: ValueSource,
  isWanted: (number: NumberMention) => boolean,
): number | undefined {
  const found = source.numbers.find(isWanted);
  source.numbers = source.numbers.filter((number) => number !== found);
  return found?.value;
}

/** Takes the first text of a kind that satisfies a condition. */
export function takeText(
  source: ValueSource,
  kind: TextKind,
  isWanted: (text: string) => boolean,
): string | undefined {
  const all = source.texts[kind];
  const index = all.findIndex(isWanted);
  if (index < 0) return undefined;
  source.texts = { ...source.texts, [kind]: all.toSpliced(index, 1) };
  return all[index];
}

/** Prepositions before the names for a role, the best first. Null is a name after any other word. */
const PREPOSITIONS: Readonly<
  Partial<Record<ParameterRole, readonly (readonly (string | null)[])[]>>
> = {
  place: [['in', 'at', 'near'], ['for', 'to', 'from', 'of', 'on'], [null]],
  origin: [['from'], ['of', 'in'], [null]],
  destination: [['to'], ['in', 'for', 'at'], [null]],
  person: [['named', 'called', 'is', 'am'], ['for', 'to', 'with', 'about', 'by', 'of'], [null]],
};

/** Takes the name that fits a role best; without a role, any name. */
export function takeName(
  source: ValueSource,
  role: ParameterRole | undefined,
  isWanted: (name: string) => boolean,
): string | undefined {
  const order = (role && PREPOSITIONS[role]) ?? [undefined];
  for (const prepositions of order) {
    const found = source.names.find(
      ({ name, preposition }) =>
        (prepositions === undefined || prepositions.includes(preposition)) && isWanted(name),
    );
    if (!found) continue;
    source.names = source.names.filter((name) => name !== found);
    return found.name;
  }
  return undefined;
}

/** Returns the prompt as a query: without the words that ask for a search, and without a question mark. */
export function queryText({ mentions }: ValueSource): string {
  const query = mentions.text
    .replace(/^(?:please\s+)?(?:(?:can|could|would|will) you\s+)?(?:please\s+)?/i, '')
    .replace(
      /^(?:(?:search|look|google|find|query|browse|run|execute)(?:\s+(?:up|for|the web|the internet|online|out|about))*|(?:tell|show|give) me(?:\s+about)?)\s+/i,
      '',
    )
    .replace(/^(?:what|who|where)(?:'s| is| are| was| were)\s+/i, '')
    .replace(/[?.!\s]+$/, '');
  return query === '' ? mentions.text : query;
}

/** Returns the text that a prompt wants to send: what follows `saying` or a colon. */
export function messageText({ mentions }: ValueSource): string {
  const [, message] =
    /(?:\b(?:saying|that says|which says)\b[:\s]*|:\s+)(\S[^]*)$/i.exec(mentions.text) ?? [];
  return message ?? mentions.text;
}
