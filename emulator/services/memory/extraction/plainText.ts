/** The words of a message: frameworks write whole messages of theirs, as JSON, where words belong. */
export function plainText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return wordsIn(JSON.parse(text)).join('\n');
  } catch {
    return text;
  }
}

function wordsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'text' && typeof member === 'string' ? member : wordsIn(member),
  );
}
