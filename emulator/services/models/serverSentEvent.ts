/** Formats a server-sent event. The name is optional. */
export function writeServerSentEvent(data: object, name?: string): string {
  const event = name === undefined ? '' : `event: ${name}\n`;
  return `${event}data: ${JSON.stringify(data)}\n\n`;
}
