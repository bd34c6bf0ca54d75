/** Returns an event of a stream as text; without a name unless it is given. */
export function writeServerSentEvent(data: object, name?: string): string {
  const event = name === undefined ? '' : `event: ${name}\n`;
  return `${event}data: ${JSON.stringify(data)}\n\n`;
}
