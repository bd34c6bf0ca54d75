/** Copies the start of a text. A slice would keep the whole text in memory. */
export function copyPrefix(text: string, length: number): string {
  return Buffer.from(text.slice(0, length), 'utf16le').toString('utf16le');
}
