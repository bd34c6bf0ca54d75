/** Marks as keyboards have them, and contractions written out. */
const MARKS: readonly (readonly [RegExp, string])[] = [
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

/** A sentence that begins so says what might be, or what somebody else says. */
const NOT_SO =
  /^(?:if|unless|suppose|supposing|imagine|pretend|let's say|say|assume|assuming|maybe|perhaps|according to|what if)\b/i;

/** What follows such a request is a text to work on, whoever speaks in it. */
const WORK =
  /^(?:please )?(?:translate|correct|rewrite|rephrase|fix|proofread|improve|check|repeat|summari[sz]e)\b[^:]*:/i;

/** What stands before what a sentence says. */
const BEFORE =
  /^(?:(?:hi|hello|hey|well|yes|yeah|no|ok|okay|so|oh|and|but|also|thanks|thank you|actually|honestly|anyway|by the way|btw|fyi|for the record|note that|remember that|please remember that|just so you know|as you know|these days|nowadays|currently|recently|today|yesterday|since then|(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter)|in \d{4})\b(?: there)?[,!:]?\s+)+/i;

/** Where one statement about the speaker ends and another begins. */
const BETWEEN =
  /[,;]?\s+(?:and|but|so)\s+(?=(?:I|we|my)\b)|[,;]\s+(?=(?:I|we|my)\b)|\s+[-\u2013\u2014]\s+/;

/** What follows says why, or when, and no more of what is so. */
const REASON =
  /(?:,\s|\s+(?:because|since|so that|although|though|which|but|while|whenever|when|if|after|as long as)\s).*$/i;

const AFTER =
  /[\s,]+(?:originally|these days|nowadays|at the moment|right now|now|currently|too|as well|as you know|yesterday|today|(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter)|(?:\S+ )?(?:days?|weeks?|months?|years?) ago|actually|honestly|by the way|at last|please|thanks|again)$/i;

/** Longer sentences are stories or documents and no plain statements. */
const LONGEST = 300;

/** What somebody states, clause by clause: no questions, no quotations, nothing that only might be. */
export function splitStatements(text: string): string[] {
  return splitSentences(text)
    .filter((sentence) => !sentence.endsWith('?') && !sentence.includes('"'))
    .filter((sentence) => sentence.length <= LONGEST)
    .map((sentence) => sentence.replace(BEFORE, ''))
    .filter((sentence) => !NOT_SO.test(sentence) && !WORK.test(sentence))
    .flatMap((sentence) => sentence.split(BETWEEN))
    .map(trimmed)
    .filter((clause) => clause !== '');
}

/** The sentences of a text, with contractions written out. */
export function splitSentences(text: string): string[] {
  const plain = MARKS.reduce((so, [mark, meant]) => so.replace(mark, meant), text);
  return plain
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function trimmed(clause: string): string {
  let now = clause.replace(REASON, '').replace(/[\s.!,;:]+$/, '');
  for (let before = ''; before !== now;) {
    before = now;
    now = now.replace(AFTER, '');
  }
  return now.trim();
}
