/** Formats a number of characters, such as `1.5 million characters`. */
export function formatCharacterCount(characters: number): string {
  if (characters < 1_000_000) return `${characters.toLocaleString('en')} characters`;
  return `${(characters / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} million characters`;
}
