/** The text that a sample agent streamed: each of its events is a word. */
export function words(events: string): string {
  return [...events.matchAll(/^data: (.*)$/gm)]
    .map(([, data]) => JSON.parse(data!) as string)
    .join('');
}
