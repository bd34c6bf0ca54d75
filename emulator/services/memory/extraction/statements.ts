/** Replacements that normalize quotation marks and expand contractions. */
const NORMALIZATIONS: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019]/g, "'"],
  [/[\u201c\u201d]/g, '"'],
  [/\bI'm\b/gi, 'I am'],
  [/\b(we|you|they)'re\b/gi, '$1 are'],
  [/\b(I|we|you|they)'ve\b/gi, '$1 have'],
  [/\b(I|we|you|they|he|she|it)'ll\b/gi, '$1 will'],
  [/\b(I|we|you|they|he|she)'d\b/gi, '$1 would'],
  [/\bcan't\b|\bcan not\b/gi, 'cannot'],
  [/\b(do|does|did|is|are|was|were|have|has|would|could|should)n't\b/gi, '$1 not'],
  [/\banymore\b/gi, 'any more'],
];

/** Beginnings of hypothetical or reported sentences. */
const HYPOTHETICAL =
  /^(?:if|unless|suppose|supposing|imagine|pretend|let's say|say|assume|assuming|maybe|perhaps|according to|what if)\b/i;

/** Requests that are followed by a text to work on, which is not a statement of the user. */
const TEXT_REQUEST =
  /^(?:please )?(?:translate|correct|rewrite|rephrase|fix|proofread|improve|check|repeat|summari[sz]e)\b[^:]*:/i;

/** Introductory words to remove from a sentence. */
const INTRODUCTION =
  /^(?:(?:hi|hello|hey|well|yes|yeah|no|ok|okay|so|oh|and|but|also|thanks|thank you|actually|honestly|anyway|by the way|btw|fyi|for the record|note that|remember that|please remember that|just so you know|as you know|these days|nowadays|currently|recently|today|yesterday|since then|(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter)|in \d{4})\b(?: there)?[,!:]?\s+)+/i;

/** Boundaries between statements in a sentence. */
const STATEMENT_BOUNDARY =
  /[,;]?\s+(?:and|but|so)\s+(?=(?:I|we|my)\b)|[,;]\s+(?=(?:I|we|my)\b)|\s+[-\u2013\u2014]\s+/;

/** Subordinate clauses to remove from a statement. */
const SUBORDINATE_CLAUSE =
  /(?:,\s|\s+(?:because|since|so that|although|though|which|but|while|whenever|when|if|after|as long as)\s).*$/i;

/** Trailing words to remove from a statement. */
const TRAILING_WORDS =
  /[\s,]+(?:originally|these days|nowadays|at the moment|right now|now|currently|too|as well|as you know|yesterday|today|(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter)|(?:\S+ )?(?:days?|weeks?|months?|years?) ago|actually|honestly|by the way|at last|please|thanks|again)$/i;

/** Maximum length of a statement. Longer sentences are stories or documents. */
const MAX_LENGTH = 300;

/** Splits a text into plain statements. Skips questions, quotations and hypothetical sentences. */
export function splitStatements(text: string): string[] {
  return splitSentences(text)
    .filter((sentence) => !sentence.endsWith('?') && !sentence.includes('"'))
    .filter((sentence) => sentence.length <= MAX_LENGTH)
    .map((sentence) => sentence.replace(INTRODUCTION, ''))
    .filter((sentence) => !HYPOTHETICAL.test(sentence) && !TEXT_REQUEST.test(sentence))
    .flatMap((sentence) => sentence.split(STATEMENT_BOUNDARY))
    .map(trimClause)
    .filter((clause) => clause !== '');
}

/** Splits a text into sentences and expands contractions. */
export function splitSentences(text: string): string[] {
  const normalized = NORMALIZATIONS.reduce(
    (current, [pattern, replacement]) => current.replace(pattern, replacement),
    text,
  );
  return normalized
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function trimClause(clause: string): string {
  let current = clause.replace(SUBORDINATE_CLAUSE, '').replace(/[\s.!,;:]+$/, '');
  for (let previous = ''; previous !== current;) {
    previous = current;
    current = current.replace(TRAILING_WORDS, '');
  }
  return current.trim();
}
