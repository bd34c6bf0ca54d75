/** Returns the text of a message. Some frameworks store their own message objects, as JSON, in the text. */
export function plainText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return collectTexts(JSON.parse(text)).join('\n');
  } catch {
    return text;
  }
}

function collectTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'text' && typeof member === 'string' ? member : collectTexts(member),
  );
}
