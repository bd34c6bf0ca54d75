/** A number of characters as a person says it. */
export function formatCharacterCount(characters: number): string {
  if (characters < 1_000_000) return `${characters.toLocaleString('en')} characters`;
  return `${(characters / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} million characters`;
}
