import type { Token } from 'markdown-it';

/**
 * How many lines at the source's start are settled: up to the last block that begins behind an empty
 * line, and whose first line is whole. What such a line makes of the blocks before it stands; without
 * the empty line it might be a part of them yet, as the title of a definition is.
 */
export function settledLines(source: string, tokens: readonly Token[]): number {
  const lines = source.split('\n');
  const begins = tokens.findLast(({ level, nesting, map }) => {
    if (level > 0 || nesting < 0 || map === null) return false;
    const [line] = map;
    return line > 0 && line < lines.length - 1 && /^[ \t]*$/.test(lines[line - 1]!);
  });
  return begins?.map?.[0] ?? 0;
}

/** Where a line begins, the first being 0; a newline may be any. */
export function lineStart(text: string, line: number): number {
  const newlines = /\r\n?|\n/g;
  for (let passed = 0; passed < line; passed++) newlines.exec(text);
  return newlines.lastIndex;
}
