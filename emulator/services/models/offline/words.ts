/** Maximum characters of text in which tools and arguments are searched. */
export const MAX_TEXT = 10_000;

/** Words that say nothing about the subject of a sentence. */
const COMMON_WORDS = new Set(
  `a about after again all also am an and another any anything are as ask at available back be because
   been before being best both but by call can check could currently current did do does each else
   every everything few find first for from full function get give given go good had has have he hello
   help her here hey hi him his how i if in information into is it its just kind know last let like
   made make many may me more most much must my name need new next no not now of ok okay on one only or
   other our out over perform please provide put result return right run same say see set shall she
   should show since so some something specific specified such take tell than thank thanks that the
   their them then there these they thing this those through to today tool tools under until up us use
   used useful user using value very via want was way we well were what when where which while who why
   will with within would yes yet you your`.split(/\s+/),
);

/** Splits a text into lower-case words. Names such as `get_weather` and `getWeather` are two words. */
export function splitWords(text: string): string[] {
  return (
    text
      .slice(0, MAX_TEXT)
      .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{M}]+(?:['’]\p{L}+)?|\p{N}+/gu) ?? []
  );
}

export function isCommonWord(word: string): boolean {
  return COMMON_WORDS.has(word) || /['’]/.test(word) || (word.length === 1 && /\p{L}/u.test(word));
}

/** Returns the stems of a text's words, without common words. */
export function stemsOf(text: string): Set<string> {
  return new Set(
    splitWords(text)
      .filter((word) => !isCommonWord(word))
      .map(stem),
  );
}

/** Endings with their replacements, the longest first. */
const ENDINGS: readonly (readonly [ending: string, replacement: string])[] = [
  ['ications', 'i'],
  ['ication', 'i'],
  ['ations', ''],
  ['itions', ''],
  ['ation', ''],
  ['ition', ''],
  ['ators', ''],
  ['ator', ''],
  ['ating', ''],
  ['ions', ''],
  ['ings', ''],
  ['ated', ''],
  ['ates', ''],
  ['ate', ''],
  ['ies', 'i'],
  ['ied', 'i'],
  ['ing', ''],
  ['ion', ''],
  ['ers', ''],
  ['er', ''],
  ['or', ''],
  ['es', ''],
  ['ed', ''],
  ['ly', ''],
  ['s', ''],
  ['e', ''],
  ['y', 'i'],
];

/** Removes a word's ending, so that forms such as `calculator` and `calculations` have one stem. */
export function stem(word: string): string {
  for (const [ending, replacement] of ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const rest = word.slice(0, -ending.length);
    if (rest.length < 3) continue;
    return rest.replace(/([bgmnprt])\1$/, '$1') + replacement;
  }
  return word;
}
