import type { UndatedInsight } from './extractor.ts';
import { conjugate, toTheirs } from './grammar.ts';
import { findMentions } from './mentions.ts';
import type { Sentence } from './statements.ts';
import {
  ACTIVITY_VERB,
  ADVERBS,
  AMOUNT,
  ATTRIBUTE,
  EVENT_VERB,
  NAME,
  POSSESSION,
  RELATION,
  STATE_VERB,
} from './vocabulary.ts';

/** A pattern of a sentence about the user, and the fact that it states. */
interface Rule {
  readonly pattern: RegExp;
  /** Replacement for the sentence. A leading apostrophe continues "The user's"; a plus sign precedes a verb to conjugate. */
  readonly fact: string;
  readonly subject: string;
  /** The part of an earlier fact that the sentence retracts. */
  readonly retracts?: string;
}

/** Excludes complements of the moment: "my laptop is broken". */
const NOT_TEMPORARY = String.raw`(?!(?:not|wrong|late|broken|too|missing|gone|full|here|very|so|still|already|being)\b)`;
/** Excludes objects that refer to the conversation. */
const NOT_CONTEXT = String.raw`(?!(?:it|this|that(?! (?:the|my|our)\b)|these|those|them|him|you|your|something|anything|the (?:code|command|build|same|first|second|last|other|above)|a lot|part|place)\b)`;
/** Excludes nouns that describe the moment or the conversation: "I am a bit lost", "I am a big fan of". */
const NOT_PASSING = String.raw`(?!(?:bit|little|lot|few|couple|person|man of|moment|while)\b|(?:\w+ )?fan\b)`;
/** Excludes what a conversation is about: "my question is". */
const NOT_TOPIC = String.raw`(?!(?:[\w-]+ )*?(?:favou?rite|question|point|problem|issue|idea|guess|concern|request|message|answer|name|mistake|code|function|variable|loop|class|method|script|file|image|query|table|test|build|understanding|suggestion|advice)\b)`;
/** A complement that is specific: with a number, a name, or a place. */
const SPECIFIC = String.raw`(?:(?:called|named) (?!(?:twice|again|once|by|with|from|in|on|every)\b)\S.*|about .+|due .+|(?=.*(?:\d|\p{Lu})).+)`;

const rule = (pattern: string, fact: string, subject: string, retracts?: string): Rule => ({
  pattern: new RegExp(`^${pattern}$`, 'iu'),
  fact,
  subject,
  ...(retracts === undefined ? {} : { retracts }),
});

/** Case-sensitive, to recognize names by their first letter. */
const exactRule = (pattern: string, fact: string, subject: string): Rule => ({
  pattern: new RegExp(`^${pattern}$`, 'u'),
  fact,
  subject,
});

const rules: readonly Rule[] = [
  rule(`my (?:full |first |last )?name is (.+)`, 'is named $1', 'name'),
  exactRule(`(?:I am called|I go by|(?:[Pp]lease c|C|c)all me) (${NAME})`, 'is named $1', 'name'),

  rule(
    `(?:I|we) (?:no longer live|do not live (?=.* any more$)) ?(in|at|near|on) (.+?)(?: any more)?`,
    'no longer lives $1 $2',
    'home',
    '$2',
  ),
  rule(`(?:I|we) ${ADVERBS}live (in|at|near|on|by|outside|with) (.+)`, 'lives $1 $2', 'home'),
  rule(`(?:I|we) have ${ADVERBS}(?:lived|been living) (in|at|near|on) (.+)`, 'lives $1 $2', 'home'),
  rule(`(?:I am|we are) ${ADVERBS}(?:based|living) (in|near|at) (.+)`, 'lives $1 $2', 'home'),
  rule(
    `(?:I|we) (?:have )?${ADVERBS}moved (?:back )?(?:from .+? )?to (?!the (?:next|other|second)\\b)(.+)`,
    'lives in $1',
    'home',
  ),
  rule(`I (?:am|come) ${ADVERBS}from (.+)`, 'is from $1', 'origin'),
  rule(`I (was born|grew up|was raised) (in|on|near|at) (.+)`, '$1 $2 $3', '$1'),

  rule(
    `I (?:no longer work|do not work (?=.* any more$)) ?(as|at|for) (.+?)(?: any more)?`,
    'no longer works $1 $2',
    'work',
    '$2',
  ),
  rule(`I (?:quit|left) my job (?:at|with) (.+)`, 'no longer works at $1', 'work', '$1'),
  rule(`I (?:am |have been )?${ADVERBS}work(?:ing)? (as|at|for) (.+)`, 'works $1 $2', 'work'),
  rule(`I (?:am |have been )?${ADVERBS}work(?:ing)? in (.+)`, 'works in $1', 'field of work'),
  exactRule(
    `I (?:have )?${ADVERBS}(?:joined|started (?:at|(?:working|work) (?:at|for)|an? (?:new )?job (?:at|with))|got an? (?:new )?job (?:at|with)|was hired by) (\\p{Lu}.*?)(?: (?:in|last|this|on) (?:\\p{Lu}\\p{L}+|\\d{4}|week|month|year))?`,
    'works at $1',
    'work',
  ),

  rule(`I am ${ADVERBS}(\\S+(?: \\S+)?) years old`, 'is $1 years old', 'age'),
  rule(`I am (\\d{1,3})`, 'is $1 years old', 'age'),
  rule(
    `I (?:am|weigh) (\\d[\\d.,]* ?(?:kg|kilos?|kilograms?|lbs?|pounds?))`,
    'weighs $1',
    'weight',
  ),
  rule(
    `I (?:have )?${ADVERBS}turned (\\d+|\\p{L}+(?:-\\p{L}+)?ty|\\p{L}+ty-\\p{L}+)`,
    'is $1 years old',
    'age',
  ),
  rule(
    `I am ${ADVERBS}(?:severely |very )?allergic to (.+)`,
    'is allergic to $1',
    'allergic to $1',
  ),
  rule(`I am ${ADVERBS}(vegetarian|vegan|pescatarian)`, 'is $1', 'diet'),
  rule(
    `I (?:am|got) ${ADVERBS}(married|divorced|single|engaged|widowed|separated)((?: (?:to|with) .+)?)`,
    'is $1$2',
    'marriage',
  ),
  rule(
    `I am ${ADVERBS}((?:not )?(?:retired|pregnant|unemployed|self-employed|bilingual|diabetic|coeliac|celiac|asthmatic|left-handed|colou?r-?blind|dyslexic|deaf|blind|(?:lactose|gluten)[ -]intolerant|insured|married))`,
    'is $1',
    '$1',
  ),
  rule(
    `I am ${ADVERBS}(not )?(an? ${NOT_PASSING}[\\p{L}\\d&'. -]{3,80}|the (?:owner|author|\\w+ (?:owner|holder|author))(?: .+)?)`,
    'is $1$2',
    'is $1$2',
  ),
  rule(
    `I am ${ADVERBS}(?!learning (?:a lot|more|that|how)\\b)(learning|studying|doing (?:an?|my) (?:PhD|doctorate|master'?s?|bachelor'?s?|degree|apprenticeship)) (.+)`,
    'is $1 $2',
    'is $1 $2',
  ),
  exactRule(`I am ((?:on|in|at|using) \\p{Lu}.+)`, 'is $1', 'is $1'),
  rule(`I am ((?:enrolled|employed|insured|stationed) (?:in|at|by|with) .+)`, 'is $1', '$1'),
  rule(`I (was (?:diagnosed|promoted|hired|laid off) (?:with|to|by|from) .+)`, '$1', '$1'),
  rule(`I am (afraid of .+)`, 'is $1', 'is $1'),

  exactRule(`I ${ADVERBS}(speak \\p{Lu}.+)`, '+$1', '$1'),
  exactRule(`I do not (speak \\p{Lu}.+)`, 'does not $1', '$1'),
  rule(`I (do not|no longer) (${STATE_VERB}) ${NOT_CONTEXT}(.+)`, '+$1 $2 $3', '$2 $3'),
  rule(`I (used to|cannot) ((?:${STATE_VERB}) ${NOT_CONTEXT}.+)`, '$1 $2', '$2'),
  rule(`I do not (smoke|drink|drive)`, 'does not $1', '$1'),
  rule(`(?:I|we) ${ADVERBS}((?:${STATE_VERB}) ${NOT_CONTEXT}.+)`, '+$1', '$1'),
  rule(`(?:I|we) (?:have )?${ADVERBS}((?:${EVENT_VERB}) ${NOT_CONTEXT}.+)`, '$1', '$1'),
  rule(
    `(?:I am|we are|(?:I|we) have been) ${ADVERBS}((?:${ACTIVITY_VERB}) ${NOT_CONTEXT}.+)`,
    'is $1',
    '$1',
  ),
  rule(`(?:I|we) ((?:have|need) to .+ (?:by|before|until) .*\\d.*)`, '+$1', '$1'),
  rule(
    `(?:I|we) ${ADVERBS}have ${ADVERBS}(?:got )?((?:${AMOUNT} )?(?:[\\p{L}\\d%-]+ ){0,3}?(${POSSESSION})\\b.*)`,
    'has $1',
    'has $2',
  ),
  exactRule(
    `(?:I|[Ww]e) have ((?:an?|my) (?:[\\w'-]+ ){0,2}?(?:appointment|flight|interview|exam|reservation|booking|surgery|wedding|deadline)\\b(?=.*(?:\\d|\\p{Lu})).+)`,
    'has $1',
    'has $1',
  ),
  rule(
    `(?:I|we) (?:do not|no longer) have (?:any |an? )?(?:[\\p{L}-]+ )?((${POSSESSION})\\b.*)`,
    'does not have $1',
    'has $2',
  ),

  rule(`my (${RELATION}) (is|are) (?:called|named) (.+)`, "'s $1 $2 called $3", '$1, name'),
  exactRule(`(${NAME}) is my (${RELATION})`, "'s $2 is named $1", '$2, name'),
  rule(`my (${RELATION})'s name is (.+)`, "'s $1's name is $2", '$1, name'),
  rule(`my (${RELATION}) ((?:works|lives|studies) .+)`, "'s $1 $2", '$1 $2'),
  rule(
    `my (${RELATION}) (is) (an? .+|allergic .+|afraid .+|from .+|\\S+(?: \\S+)? years old|vegetarian|vegan)`,
    "'s $1 $2 $3",
    '$1 $2 $3',
  ),
  rule(
    `my (${RELATION}) ((?:has|does not have|owns|turns|weighs|takes|speaks|died) .+)`,
    "'s $1 $2",
    '$1 $2',
  ),
  rule(`my (${ATTRIBUTE}) (is|are) ${NOT_TEMPORARY}(.+)`, "'s $1 $2 $3", '$1'),
  exactRule(
    `(?:[Mm]y|[Oo]ur) ${NOT_TOPIC}((?:[\\p{L}\\d-]+ ){0,3}?[\\p{L}\\d-]+) (is|are|was|(?:was |got )?moved|(?:was |got )?changed|starts|ends|expires|leaves|arrives) ${NOT_TEMPORARY}(${SPECIFIC})`,
    "'s $1 $2 $3",
    '$1',
  ),
];

/** Returns the facts that a sentence states or mentions. */
export function findFacts({ text, statements }: Sentence): UndatedInsight[] {
  const stated = statements.flatMap((statement) => parseFact(statement) ?? []);
  const mentioned = findMentions(text).filter(
    ({ value }) => !stated.some(({ gist }) => gist.includes(value)),
  );
  return [...stated, ...mentioned.map(({ insight }) => insight)];
}

/** Returns the fact that a statement contains, or undefined. */
function parseFact(statement: string): UndatedInsight | undefined {
  const match = rules.find(({ pattern }) => pattern.test(statement));
  if (!match) return undefined;
  const { pattern, fact, subject, retracts } = match;
  const said = toTheirs(
    statement.replace(pattern, fact).replace(/^\+([a-z]+)/i, (_, verb: string) => conjugate(verb)),
  );
  const gist = `The user${said.startsWith("'") ? '' : ' '}${said}.`;
  return {
    subject: statement.replace(pattern, subject).toLowerCase(),
    gist,
    text: gist,
    ...(retracts === undefined ? {} : { retracts: statement.replace(pattern, retracts) }),
  };
}
