/** Longer titles are hard to read in a list. */
const LONGEST = 80;

/** The default title of a conversation: its first prompt, on one line. */
export function defaultTitle(prompt: string): string {
  // The beginning of a very long prompt is enough.
  const line = prompt.slice(0, 1000).trim().replace(/\s+/g, ' ');
  const letters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment);
  return letters.length <= LONGEST
    ? line
    : `${letters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}
