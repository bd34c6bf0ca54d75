/** Returns the third person of a verb in the first person. */
export function conjugate(verb: string): string {
  const base = verb.toLowerCase();
  if (base === 'have') return 'has';
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh|o)$/.test(base) ? `${base}es` : `${base}s`;
}

const IRREGULAR: Readonly<Record<string, string>> = {
  is: 'am',
  has: 'have',
  does: 'do',
  was: 'was',
};

/** Returns the first person of a verb in the third person. Leaves past forms alone. */
export function toFirstPerson(verb: string): string {
  const irregular = IRREGULAR[verb];
  if (irregular !== undefined) return irregular;
  if (/[^aeiou]ies$/.test(verb)) return `${verb.slice(0, -3)}y`;
  return verb.replace(/(?<=s|x|ch|sh|o)es$|(?<=[^s])s$/, '');
}

/** Replaces the first person in the rest of a statement: "my cousin" becomes "their cousin". */
export function toTheirs(text: string): string {
  return text.replace(/\b(?:my|our)\b/gi, 'their').replace(/\b(?:me|us)\b/g, 'them');
}
