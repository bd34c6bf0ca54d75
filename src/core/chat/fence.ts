/** Fences text as Markdown code. The fence is longer than any run of backticks in the text. */
export function fenceCode(text: string, language = ''): string {
  let longest = 2;
  // A loop, because there may be more runs than a call takes arguments.
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
