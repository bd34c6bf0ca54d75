/** A person's words, in the form that the official samples and tools send them. */
function promptOf(text: string): string {
  return JSON.stringify({ prompt: text });
}

/** What somebody writes to be sent: a JSON document as it is, and anything else as a prompt. */
export function parsePayload(written: string): string {
  try {
    JSON.parse(written);
    return written;
  } catch {
    return promptOf(written);
  }
}
