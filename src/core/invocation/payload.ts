/** Returns JSON unchanged, and wraps any other text as the official samples and tools do. */
export function parsePayload(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify({ prompt: text });
  }
}

/** True for text that begins as a JSON object or array, so that its author probably meant JSON. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}
