import type { UndatedInsight } from './extractor.ts';
import { NAME, POSSESSION, RELATION } from './vocabulary.ts';

/** Something that a sentence mentions: its value, and the fact about it. */
interface Mention {
  readonly value: string;
  readonly insight: UndatedInsight;
}

/** A pattern of a mention. The value is its last group. */
interface Rule {
  readonly pattern: RegExp;
  /** Template of the fact. A leading apostrophe continues "The user's". */
  readonly fact: string;
  /** Template of the topic. */
  readonly subject: string;
}

/** Numbers of which somebody has one, so that a new one replaces the old one. */
const PERSONAL_NUMBER = String.raw`customer|client|account|phone|mobile|membership|frequent flyer|loyalty|employee|student|passport|licen[cs]e|insurance|policy`;
/** Numbers of things, of which somebody has many. */
const OBJECT_NUMBER = String.raw`order|serial|(?:baggage )?tag|claim|return|booking|confirmation|reservation|tracking|invoice|case|ticket|reference|flight|receipt|card`;
/** Groups of digits and capital letters: "4471-AB9", "+351 912 555 018", "QX7T9". */
const VALUE = String.raw`(?=[^,.;!?]*\d)[A-Z\d+][A-Z\d]*(?:[- ](?=[A-Z]*\d)[A-Z\d]+|-[A-Z\d]+)*`;
/** Words between "number" and its value: "has changed, it is now". */
const LINK = String.raw`(?:[ ,:]+(?:is|has|changed|to|now|it|and|ending|in))*[ ,:]+#?`;
const ADDRESS = String.raw`(?=[^.;]*\d)(?:\d|\p{Lu})[^.;]*?(?=[\s.!]*$|[.;])`;

const numberPattern = (kind: string) =>
  String.raw`\b(${kind})(?: (?:number|no\.?|code|id|ID)${LINK}|(?: is|:)? (?:#|(?=[A-Z]+[- ]?\d|[\d ]{5,})))(${VALUE})(?![A-Za-z])`;

const rule = (pattern: string, fact: string, subject: string): Rule => ({
  pattern: new RegExp(pattern, 'gu'),
  fact,
  subject,
});

const rules: readonly Rule[] = [
  rule(numberPattern(PERSONAL_NUMBER), "'s $1 number is $2", '$1 number'),
  rule(numberPattern(OBJECT_NUMBER), "'s $1 number is $2", '$1 number $2'),
  rule(
    String.raw`\b(card|account)\b[^.;]{0,20}? ending (?:in|with) (\d{3,})`,
    "'s $1 number ends in $2",
    '$1 number $2',
  ),
  rule(
    String.raw`\b(?:reach|call|text|contact|phone) (?:me|you) (?:at|on|under) (${VALUE})`,
    "'s phone number is $1",
    'phone number',
  ),
  // Only the user's own: "write to me at", or the whole answer to a question for it.
  rule(
    String.raw`(?:\bme (?:at|on|via) |\bmy [\w -]{0,30} |\bit is |^)([\w.+-]+@[\w-]+(?:\.[\w-]+)+)`,
    "'s email is $1",
    'email address',
  ),
  rule(
    String.raw`\b(?:ship|send|deliver)(?:ped|ed)? (?:it |them |this )?to (?:my (?:new )?(?:home|house|office|work|place|address)\b(?: address)?[:, ]*)?(${ADDRESS})`,
    "'s delivery address is $1",
    'delivery address',
  ),
  rule(
    String.raw`\b(?:my|our) ((?:two|three|four|five|six|\d) ${POSSESSION})\b`,
    ' has $1',
    'has $1',
  ),
  rule(
    String.raw`\b(?:my|our) (?:(?:old|new|late|younger|older|little|big|own|best) )*(${RELATION}),? (${NAME})(?!')`,
    "'s $1 is named $2",
    '$1, name',
  ),
  rule(
    String.raw`^(?:hi|hello|hey|good \w+)\b[^.!?]{0,20}?\b(?:[Tt]his is|[Ii]t is|I am) (${NAME})(?=[,.!]|$| (?:here|speaking|from)\b)`,
    ' is named $1',
    'name',
  ),
];

/** The old value in a correction: "4477, not 4471". */
const replacedValue = new RegExp(`\\b(?:not|instead of) #?(${VALUE})`, 'u');

/** Examples of a format, and what belongs to the assistant. */
const NOT_OF_USER =
  /\b(?:e\.g\.|example(?!\.)|such as|looks? like|format|the assistant's)(?![\w'])/i;

/** Returns what a sentence mentions in passing, wherever it stands: numbers, addresses and names. */
export function findMentions(sentence: string): Mention[] {
  if (NOT_OF_USER.test(sentence)) return [];
  // The patterns begin with a small letter.
  const text = sentence.charAt(0).toLowerCase() + sentence.slice(1);
  const replaced = replacedValue.exec(sentence)?.[1];
  return rules.flatMap(({ pattern, fact, subject }) =>
    [...text.matchAll(pattern)].map((match) => {
      const value = match.at(-1)!;
      const gist = `The user${fillTemplate(fact, match)}.`;
      // A correction belongs to the topic of the old value.
      const topic = fillTemplate(subject, match)
        .replace(value, replaced ?? value)
        .toLowerCase();
      return { value, insight: { subject: topic, gist, text: gist } };
    }),
  );
}

function fillTemplate(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(\d)/g, (_, group: string) => match[Number(group)]!);
}
