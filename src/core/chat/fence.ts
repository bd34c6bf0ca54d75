/** Text in a fence of Markdown that is longer than any that it holds, so that it ends where the text ends. */
export function fenceCode(text: string, language = ''): string {
  let longest = 2;
  // One after the other: there may be more of them than a call takes arguments.
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
