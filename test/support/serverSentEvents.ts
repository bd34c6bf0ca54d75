/** Returns the text that a sample agent streamed. Each event is one word. */
export function readWords(events: string): string {
  return [...events.matchAll(/^data: (.*)$/gm)]
    .map(([, data]) => JSON.parse(data!) as string)
    .join('');
}
