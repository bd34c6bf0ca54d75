import type { UndatedInsight } from './extractor.ts';

/** A pattern of a sentence about the user, and the fact that it states. */
interface Rule {
  readonly pattern: RegExp;
  /** Replacement for the sentence. A leading apostrophe continues "The user's". */
  readonly fact: string;
  readonly subject: string;
  /** The part of an earlier fact that the sentence retracts. */
  readonly retracts?: string;
}

const NAME = String.raw`\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*){0,3}`;
const ADVERBS = String.raw`(?:(?:now|currently|still|actually|also|really|just|recently|originally|always|already) )*`;
const RELATION = String.raw`(?:\w+ )?(?:wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|spouse|son|daughter|child|children|kids|brother|sister|mother|father|mum|mom|dad|parents|grandmother|grandfather|uncle|aunt|cousin|nephew|niece|friend|dog|cat|puppy|kitten|horse|parrot|hamster|rabbit|boss|manager|doctor|dentist)`;
const POSSESSION = String.raw`(?:child|children|kids?|sons?|daughters?|brothers?|sisters?|siblings?|twins?|grandchildren|wife|husband|girlfriend|boyfriend|partner|dogs?|cats?|horses?|parrots?|rabbits?|hamsters?|pets?|puppy|puppies|kittens?|cars?|motorbikes?|bikes?|boats?|gardens?|degrees?|allerg(?:y|ies)|diabetes|asthma|epilepsy|migraines?|dyslexia|adhd)`;
const AMOUNT = String.raw`(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|no|several|a pair of)`;
const ATTRIBUTE = String.raw`birthday|email(?: address)?|phone(?: number)?|mobile(?: number)?|address|postcode|zip code|shoe size|dress size|blood type|native language|mother tongue|first language|job|profession|occupation|employer|company|hometown|nationality|time ?zone|budget|age|height|weight|hobby|hobbies|nickname|surname|middle name|pronouns|username|account number|customer number|passport number`;
const NOT_TEMPORARY = String.raw`(?!(?:not|wrong|late|broken|too|missing|gone|full|here|very|so|still|already|being)\b)`;

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
    `I am ${ADVERBS}(retired|pregnant|unemployed|self-employed|bilingual|diabetic|coeliac|celiac|asthmatic|left-handed|colou?r-?blind|dyslexic|deaf|blind|(?:lactose|gluten)[ -]intolerant)`,
    'is $1',
    '$1',
  ),
  rule(
    `I am ${ADVERBS}(an? (?!(?:bit|little|lot|few|couple|person|man of|moment)\\b|(?:\\w+ )?fan\\b)[\\p{L}' -]{3,60})`,
    'is $1',
    'is $1',
  ),
  rule(
    `I am ${ADVERBS}(?!learning (?:a lot|more|that|how)\\b)(learning|studying|doing (?:an?|my) (?:PhD|doctorate|master'?s?|bachelor'?s?|degree|apprenticeship)) (.+)`,
    'is $1 $2',
    'is $1 $2',
  ),
  rule(`I ${ADVERBS}study (?!your|the (?:document|text))(.+)`, 'studies $1', 'studies'),
  exactRule(`I ${ADVERBS}speak (\\p{Lu}.+)`, 'speaks $1', 'speaks $1'),
  rule(`I ${ADVERBS}(drive|own) (an? .+)`, '$1s $2', '$1s $2'),
  rule(`I ${ADVERBS}play (?!with\\b|around\\b)(.+)`, 'plays $1', 'plays $1'),
  rule(`I ${ADVERBS}teach (?!you\\b)(.+)`, 'teaches $1', 'teaches $1'),
  rule(`I ${ADVERBS}run (an? .+)`, 'runs $1', 'runs $1'),
  rule(
    `(?:I|we) have (?:got )?(${AMOUNT} (?:[\\p{L}-]+ ){0,2}?(${POSSESSION})\\b.*)`,
    'has $1',
    'has $2',
  ),

  rule(`my (${RELATION}) (is|are) (?:called|named) (.+)`, "'s $1 $2 called $3", '$1, name'),
  rule(`my (${RELATION})'s name is (.+)`, "'s $1's name is $2", '$1, name'),
  rule(`my (${RELATION}) (works|lives|studies) (.+)`, "'s $1 $2 $3", '$1 $2'),
  rule(
    `my (${RELATION}) (is) (an? .+|allergic .+|from .+|\\S+(?: \\S+)? years old|vegetarian|vegan)`,
    "'s $1 $2 $3",
    '$1 $2 $3',
  ),
  rule(`my (${ATTRIBUTE}) (is|are) ${NOT_TEMPORARY}(.+)`, "'s $1 $2 $3", '$1'),
];

/** Returns the fact that a statement contains, or undefined. */
export function parseFact(statement: string): UndatedInsight | undefined {
  const match = rules.find(({ pattern }) => pattern.test(statement));
  if (!match) return undefined;
  const { pattern, fact, subject, retracts } = match;
  const said = statement.replace(pattern, fact);
  const gist = `The user${said.startsWith("'") ? '' : ' '}${said}.`;
  return {
    subject: statement.replace(pattern, subject).toLowerCase(),
    gist,
    text: gist,
    ...(retracts === undefined ? {} : { retracts: statement.replace(pattern, retracts) }),
  };
}
