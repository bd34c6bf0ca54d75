/**
 * The beginning of a text, for keeping: a slice would keep the whole text in memory with it, and that
 * may be a slice of something yet larger.
 */
export function copyPrefix(text: string, length: number): string {
  return Buffer.from(text.slice(0, length), 'utf16le').toString('utf16le');
}
