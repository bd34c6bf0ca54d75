import { splitWords, stem, stemsOf } from './words.ts';

/** Words that a prompt implies, each group with the words or phrases that imply it. */
const IMPLIED: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/\b(?:temperature|forecast|rain|snow|sunny|umbrella|degrees)/i, 'weather'],
  [/\bwhat time\b|\bo'clock\b|\bclock\b/i, 'time clock'],
  [/\be-?mails?\b|\binbox\b|\S@\S+\.\w/i, 'email mail'],
  [/https?:\/\/|\bwww\./i, 'url web page'],
  [/\b(?:cost|how much|worth)\b/i, 'price'],
  [/\b(?:fly|flying|plane|airline)\b/i, 'flight'],
  [/\b(?:accommodation|place to stay)\b/i, 'hotel'],
  [/\b(?:look up|google|find)\b/i, 'search'],
  [/\b(?:in|into) (?:english|french|german|spanish|italian|japanese|chinese)\b/i, 'translate'],
  [/\b(?:buy|purchase)\b/i, 'order buy purchase'],
  [/\broll\b|\bdice?\b/i, 'dice roll'],
];

/** Words for arithmetic operators. */
const OPERATORS: readonly (readonly [operator: string, words: string])[] = [
  ['*', 'multiply multiplication product times'],
  ['+', 'add addition sum plus'],
  ['-', 'subtract subtraction difference minus'],
  ['/', 'divide division quotient'],
  ['^', 'power exponent'],
  ['%', 'modulo remainder'],
];

const ARITHMETIC = 'calculate calculator calc compute math maths mathematics arithmetic evaluate';

/** Words of questions that have a number as the answer. */
const ASKS_FOR_NUMBER = /\b(?:square root|factorial|percent(?:age)?|average of|sum of)\b|\d\s?%/i;

/** Returns the stems of a prompt and of what it implies, such as `calculator` for `12 * 7`. */
export function topicsOf(text: string, expression: string | null): Set<string> {
  const stems = stemsOf(text);
  const imply = (words: string) => {
    for (const word of splitWords(words)) stems.add(stem(word));
  };
  for (const [pattern, words] of IMPLIED) if (pattern.test(text)) imply(words);
  if (expression !== null || ASKS_FOR_NUMBER.test(text)) imply(ARITHMETIC);
  if (expression !== null) {
    for (const [operator, words] of OPERATORS) if (expression.includes(operator)) imply(words);
  }
  return stems;
}
