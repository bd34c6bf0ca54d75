/** Where agents commonly put their words, the likeliest first. */
const TEXT_MEMBERS = ['result', 'response', 'output', 'message', 'text'] as const;

/** The words in an agent's JSON, if it is words that it holds. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  for (const name of TEXT_MEMBERS) {
    const words = textOf(members[name]);
    if (words !== undefined) return words;
  }
  return textOfBlocks(members['content']);
}

/** Any JSON, laid out to be read. */
export function prettyJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

// A message of Bedrock's: agents on Strands hand out their model's whole.
function textOfBlocks(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((block: unknown) =>
    typeof block === 'object' && block !== null ? (block as { text?: unknown }).text : undefined,
  );
  return texts.length > 0 && texts.every((text) => typeof text === 'string')
    ? texts.join('')
    : undefined;
}
