import type { UndatedInsight } from './extractor.ts';
import { conjugate } from './grammar.ts';
import type { Sentence } from './statements.ts';

const ADVERBS = String.raw`(?:(?:really|absolutely|truly|just|also|especially|particularly|actually|quite|still|generally|mostly|definitely|honestly|do|always) )*`;
/** Excludes objects that refer to the conversation or the moment, which are not lasting preferences. */
const LASTING = String.raw`(?!(?:it|that|this|these|those|them|you|your|yours|how|what|where|when|why|everything|nothing|to (?:know|ask|see if|hear|think)|the (?:idea|way|sound|look|first|second|third|last|other|answer|one|ones|option|result|new))\b)`;
const HABITS = String.raw`book|buy|cook|drink|drive|eat|fly|listen|order|pay|read|shop|sleep|sit|start|stay|take|travel|use|walk|watch|wear|work out`;
const STYLE = String.raw`address|answer|call|explain|give|include|keep|reply|respond|send|show|speak|talk|tell|use|write`;

/** A pattern of a sentence that states a preference. */
interface Rule {
  readonly pattern: RegExp;
  readonly template: string;
  readonly subject: string;
  readonly category?: string;
}

const rule = (pattern: string, template: string, subject: string, category?: string): Rule => ({
  pattern: new RegExp(`^${pattern}$`, 'iu'),
  template,
  subject,
  ...(category === undefined ? {} : { category }),
});

const rules: readonly Rule[] = [
  rule(
    `(?:I|we) (?:no longer|do not (?=.* any more$)) ?(?:like|love|enjoy) ${LASTING}(.+?)(?: any more)?`,
    'No longer likes $1',
    '$1',
  ),
  rule(`(?:I|we) used to (?:like|love|enjoy) ${LASTING}(.+)`, 'No longer likes $1', '$1'),
  rule(
    `(?:I|we) ${ADVERBS}(?:hate|dislike|detest|loathe|cannot (?:stand|bear)|do not (?:really |much )?(?:like|love|enjoy|care for)|am not (?:really )?(?:into|fond of|keen on|an? (?:big |huge |great )?fan of)) ${LASTING}(.+)`,
    'Dislikes $1',
    '$1',
  ),
  rule(`(?:I|we) ${ADVERBS}(?:like|love|enjoy|adore) ${LASTING}(?:to )?(.+)`, 'Likes $1', '$1'),
  rule(
    `I am ${ADVERBS}(?:into|fond of|keen on|crazy about|passionate about|an? (?:big |huge |great )?fan of) ${LASTING}(.+)`,
    'Likes $1',
    '$1',
  ),
  rule(`(?:I|we) ${ADVERBS}prefer ${LASTING}(?:to )?(.+)`, 'Prefers $1', 'prefers $1'),
  rule(
    String.raw`my (?:all-time |absolute )?favou?rite (.+?) (?:is|are|has always been) (?:the )?(.+)`,
    'Likes $2 (favourite $1)',
    'favourite $1',
    '$1',
  ),
  rule(
    `${LASTING}(?!I )(.{2,60}) (?:is|are) my (?:all-time |absolute )?favou?rite (.+)`,
    'Likes $1 (favourite $2)',
    'favourite $2',
    '$2',
  ),
  rule(
    `I (always|usually|never|only|rarely) (${HABITS}) (?:my )?(?!(?:it|that|this)\\b)(.+)`,
    '$1 $2 $3',
    '$2 $3',
  ),
  rule(`(?:please )?(always|never) ((?:${STYLE}) .+)`, 'Asks $1 to $2', 'asks $2', 'style'),
];

/** Returns the preferences that a sentence states. */
export function findPreferences({ statements }: Sentence): UndatedInsight[] {
  return statements.flatMap((statement) => parsePreference(statement) ?? []);
}

/** Returns the preference that a statement contains, in the format of AWS, or undefined. */
function parsePreference(statement: string): UndatedInsight | undefined {
  const match = rules.find(({ pattern }) => pattern.test(statement));
  if (!match) return undefined;
  const { pattern, template, subject, category } = match;
  const sentence = statement.replace(pattern, template).replace(HABIT, toThirdPerson);
  const preference = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return {
    subject: statement
      .replace(pattern, subject)
      .toLowerCase()
      .replace(/^(?:the|an?|my|some) /, ''),
    gist: preference,
    text: JSON.stringify({
      context: `The user said: ${statement}.`,
      preference,
      categories: [category === undefined ? 'general' : statement.replace(pattern, category)],
    }),
  };
}

const HABIT = new RegExp(`^(always|usually|never|only|rarely) (${HABITS})`, 'i');

function toThirdPerson(_: string, frequency: string, verb: string): string {
  const [first = '', ...rest] = verb.toLowerCase().split(' ');
  return [frequency.toLowerCase(), conjugate(first), ...rest].join(' ');
}
