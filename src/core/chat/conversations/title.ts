/** A longer title is not read in a list. */
const LONGEST = 80;

/** The title of a conversation that the user has not named: its first prompt, on one line. */
export function defaultTitle(prompt: string): string {
  // Of a prompt that is a book, its beginning is enough.
  const line = prompt.slice(0, 1000).trim().replace(/\s+/g, ' ');
  const letters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment);
  return letters.length <= LONGEST
    ? line
    : `${letters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}
