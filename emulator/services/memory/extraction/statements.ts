import { toUserPerspective } from './perspective.ts';
import type { ConversationMessage } from './extractor.ts';
import { ACTIVITY_VERB, EVENT_VERB, STATE_VERB } from './vocabulary.ts';

/** Replacements that normalize quotation marks and expand contractions. */
const NORMALIZATIONS: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019]/g, "'"],
  [/[\u201c\u201d]/g, '"'],
  [/\bI'm\b/gi, 'I am'],
  [/\b(it|that|he|she)'s\b/gi, '$1 is'],
  [/\b(we|you|they)'re\b/gi, '$1 are'],
  [/\b(I|we|you|they)'ve\b/gi, '$1 have'],
  [/\b(I|we|you|they|he|she|it)'ll\b/gi, '$1 will'],
  [/\b(I|we|you|they|he|she)'d\b/gi, '$1 would'],
  [/\bcan't\b|\bcan not\b/gi, 'cannot'],
  [/\b(do|does|did|is|are|was|were|have|has|would|could|should)n't\b/gi, '$1 not'],
  [/\banymore\b/gi, 'any more'],
];

/** Beginnings of hypothetical, conditional or reported sentences. */
const HYPOTHETICAL =
  /^(?:if|unless|suppose|supposing|imagine|pretend|let's say|say|assume|assuming|maybe|perhaps|according to|what if|when|whenever|until|in case)\b/i;

/** Requests that are followed by a text to work on, which is not a statement of the user. */
const TEXT_REQUEST =
  /^(?:please )?(?:translate|correct|rewrite|rephrase|fix|proofread|improve|check|repeat|summari[sz]e)\b[^:]*:/i;

/** Introductory words to remove from a sentence. */
const INTRODUCTION =
  /^(?:(?:hi|hello|hey|well|yes|yeah|no|ok|okay|so|oh|and|but|also|sure|great|sorry|since(?= (?:I|we|my)\b)|as(?= (?:I|we|my)\b)|because(?= (?:I|we|my)\b)|thanks|thank you|actually|honestly|anyway|by the way|btw|fyi|for the record|note that|remember that|please remember that|just so you know|as you (?:know|said)|these days|nowadays|currently|recently|today|yesterday|since then|(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter)|in \d{4})\b(?: there)?[,!:]?\s+)+/i;

/** Boundaries between statements in a sentence. */
const STATEMENT_BOUNDARY =
  /[,;]?\s+(?:and|but|so)\s+(?=(?:I|we|my)\b)|[,;]\s+(?=(?:I|we|my)\b)|\s+[-\u2013\u2014]\s+/;

/** Verbs that can follow without a new subject: "I was born in Chile but grew up in Malmö". */
const PREDICATE = `(?:am|was|have|had|grew up|no longer|do not|moved|joined|${STATE_VERB}|${EVENT_VERB})\\b`;

/** Subordinate clauses to remove from a statement. */
const SUBORDINATE_CLAUSE = new RegExp(
  `\\s+(?:because|since|so that|although|though|which|who|but(?! ${PREDICATE})|while|whenever|when|if|after|as long as)\\s.*$`,
  'i',
);

/** A clause after a comma, unless it continues a list, an address, or a series of complements. */
const COMMA_CLAUSE =
  /,\s(?!(?:\p{L}+, )*(?:\p{Lu}|\d)|\p{Lu}|(?:and )?(?:an? |\d|\p{Ll}+ing )|and (?:am|was|have|had)\b).*$/u;

/** Trailing words to remove from a statement. */
const TRAILING_WORDS =
  /[\s,]+(?:originally|these days|nowadays|at the moment|right now|now|currently|too|as well|as you know|yesterday|today|(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter)|(?:\S+ )?(?:days?|weeks?|months?|years?) ago|actually|honestly|by the way|at last|please|thanks|again)$/i;

/** A question after a statement: "I drive a Skoda, what is it worth?" */
const TRAILING_QUESTION =
  /,\s+(?:so |and |but )?(?:what|how|who|where|when|why|which|can|could|do|does|should|would|will|is there|are there)\b[^,]*\?$/i;

/** Boundaries between the predicates of one subject. */
const PREDICATE_BOUNDARY = new RegExp(`,? (?:and|but) (?=${PREDICATE})`);

/** Boundaries between the complements of "I am". */
const COMPLEMENT_BOUNDARY = new RegExp(`, (?:and )?(?=\\d|an? |(?:${ACTIVITY_VERB})\\b)`);

/** Statements about the user. */
const USER_SUBJECT = /\b(?:I|my)\b/i;

/** Ends of sentences, but not of abbreviated titles. */
const SENTENCE_BOUNDARY =
  /(?<=[.!?])(?<!\b(?:Dr|Mr|Mrs|Ms|Prof|St|e\.g|i\.e)\.)(?<!\b[Nn]o\.(?=\s\S*\d))\s+|\n+/;

/** Maximum length of a statement. Longer sentences are stories or documents. */
const MAX_LENGTH = 300;

/** A sentence that claims something, from the user's perspective. */
export interface Sentence {
  readonly text: string;
  /** Its statements, without what surrounds them. */
  readonly statements: readonly string[];
}

/**
 * Splits a message into the sentences that claim something. Skips questions, quotations and hypothetical
 * sentences, and, in messages of the assistant, statements about others than the user.
 */
export function readSentences({
  role,
  text,
}: Pick<ConversationMessage, 'role' | 'text'>): Sentence[] {
  return splitSentences(text)
    .filter((sentence) => sentence.length <= MAX_LENGTH && !sentence.includes('"'))
    .map((sentence) => sentence.replace(TRAILING_QUESTION, '.'))
    .filter((sentence) => !sentence.endsWith('?'))
    .map((sentence) => (role === 'ASSISTANT' ? toUserPerspective(sentence) : sentence))
    .filter((sentence) => !isHypothetical(sentence.replace(INTRODUCTION, '')))
    .map((sentence) => ({
      text: sentence,
      statements: splitStatements(sentence.replace(INTRODUCTION, '')).filter(
        (statement) => role !== 'ASSISTANT' || USER_SUBJECT.test(statement),
      ),
    }));
}

function isHypothetical(sentence: string): boolean {
  return HYPOTHETICAL.test(sentence) || TEXT_REQUEST.test(sentence);
}

function splitStatements(sentence: string): string[] {
  return sentence
    .split(STATEMENT_BOUNDARY)
    .map((clause) => clause.replace(SUBORDINATE_CLAUSE, ''))
    .flatMap(splitPredicates)
    .map(trimClause)
    .filter((statement) => statement !== '');
}

/** Repeats the subject of "I am vegan and live in Rome", and of "I am 42, a nurse, and training for a race". */
function splitPredicates(statement: string): string[] {
  const subject = /^(?:I am|I|we)\b/i.exec(statement)?.[0];
  if (subject === undefined) return [statement];
  const [pronoun = ''] = subject.split(' ');
  return statement.split(PREDICATE_BOUNDARY).flatMap((predicate, index) =>
    (subject === 'I am' ? predicate.split(COMPLEMENT_BOUNDARY) : [predicate]).map(
      (part, partIndex) => {
        if (partIndex > 0) return `I am ${part}`;
        return index > 0 ? `${pronoun} ${part}` : part;
      },
    ),
  );
}

/** Splits a text into sentences and expands contractions. */
export function splitSentences(text: string): string[] {
  const normalized = NORMALIZATIONS.reduce(
    (current, [pattern, replacement]) => current.replace(pattern, replacement),
    text,
  );
  return normalized
    .split(SENTENCE_BOUNDARY)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function trimClause(clause: string): string {
  let current = clause.replace(COMMA_CLAUSE, '').replace(/[\s.!,;:]+$/, '');
  for (let previous = ''; previous !== current;) {
    previous = current;
    current = current.replace(TRAILING_WORDS, '');
  }
  return current.trim();
}
