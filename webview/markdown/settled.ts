import type { Token } from 'markdown-it';

/**
 * Number of settled lines at the start of a source. They end before the last block that follows an
 * empty line and whose first line is complete. Without the empty line, the block could still become
 * part of the previous one, such as the title of a link definition.
 */
export function countSettledLines(source: string, tokens: readonly Token[]): number {
  const lines = source.split('\n');
  const lastStart = tokens.findLast(({ level, nesting, map }) => {
    if (level > 0 || nesting < 0 || map === null) return false;
    const [line] = map;
    return line > 0 && line < lines.length - 1 && /^[ \t]*$/.test(lines[line - 1]!);
  });
  return lastStart?.map?.[0] ?? 0;
}

/** Index where a line starts. Lines are numbered from 0; all kinds of newlines count. */
export function findLineStart(text: string, line: number): number {
  const newlines = /\r\n?|\n/g;
  for (let passed = 0; passed < line; passed++) newlines.exec(text);
  return newlines.lastIndex;
}
