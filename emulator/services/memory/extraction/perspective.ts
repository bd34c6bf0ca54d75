import { toFirstPerson } from './grammar.ts';

/** The assistant's own first person, which is not about the user. */
const OWN_PERSON: readonly (readonly [RegExp, string])[] = [
  [/\b(?:I|we)\b/gi, 'the assistant'],
  [/\b(?:my|our)\b/gi, "the assistant's"],
];

/** Forms of address with a name: "Thanks, Ana." Case-sensitive, to recognize the name. */
const VOCATIVE =
  /^(?:Hi|Hello|Hey|Welcome(?: back)?|Dear|Thanks|Thank you|Nice to meet you|Good (?:morning|afternoon|evening)|Got it|Sure|Understood|Congratulations)(?: again)?,? (?!There|World|All|Everyone|Team|\p{L}+day\b)(\p{Lu}\p{Ll}+)(?=[,.!:]| [-\u2013\u2014] )/u;

/** Verbs after "you" that state a fact. Others often instruct: "you run npm install". */
const ADDRESSED_VERBS =
  'are|were|have|had|live|work|like|love|enjoy|prefer|own|moved|ordered|bought|booked|no longer|do not';

const NOTED_USER = /\b(?:the (?:user|customer|client)|^(?:user|customer|client))(?='s\b| [a-z]+)/i;

/** Confirmations of a change: "I updated your address to 9 Mill Lane". */
const CONFIRMED_CHANGE =
  /^.*\b(?:updated|changed|corrected|set|saved|noted|registered) my ([\p{L} ]+?) (?:to|as) (.+)$/iu;

/**
 * Rewrites an assistant's sentence as the user would say it, so that the same rules apply: "your dog" and
 * "the user's dog" become "my dog". What the assistant says about itself gets another subject.
 */
export function toUserPerspective(sentence: string): string {
  const impersonal = OWN_PERSON.reduce(
    (current, [pattern, replacement]) => current.replace(pattern, replacement),
    sentence,
  );
  const addressed = impersonal
    .replace(VOCATIVE, 'My name is $1')
    .replace(new RegExp(`\\byou (?=(?:${ADDRESSED_VERBS})\\b)`, 'gi'), 'I ')
    .replace(/\bI are\b/g, 'I am')
    .replace(/\bI were\b/g, 'I was')
    .replace(/\byour\b/gi, 'my')
    .replace(CONFIRMED_CHANGE, 'my $1 is $2')
    .replace(/^[^:]{1,40}: (?=(?:I|my|the user|the customer)\b)/i, '');
  return NOTED_USER.test(addressed) ? readNote(addressed) : addressed;
}

/** Rewrites a note about the user, in which "she" is the user, too. */
function readNote(note: string): string {
  return note
    .replace(new RegExp(`${NOTED_USER.source}'s`, 'gi'), 'my')
    .replace(/\b(?:his|her|their)\b/gi, 'my')
    .replace(
      new RegExp(`(?:${NOTED_USER.source}|\\b(?:he|she|they)) ([a-z]+)`, 'gi'),
      (_, verb: string) => `I ${toFirstPerson(verb)}`,
    )
    .replace(
      /\b(and|but) ([a-z]+s)\b/g,
      (_, conjunction: string, verb: string) => `${conjunction} ${toFirstPerson(verb)}`,
    )
    .replace(/^(my [\p{L} ]+): (?=.)/iu, '$1 is ');
}
