/** Tracks whether the end of a growing text is in code or at the start of a line. */
export interface MarkdownPosition {
  /** Adds the next part of the text. */
  advance(text: string): void;
  /** Starts another text. */
  reset(): void;
  /** True if the current line is blank so far. */
  isAtLineStart(): boolean;
  /** True within a fenced code block. */
  isInCode(): boolean;
}

/** Characters of a line that decide whether it is a fence. */
const MAX_FENCE_LENGTH = 200;

const FENCE = /^\s*(`{3,}|~{3,})(.*)$/s;

/** Creates the position at the start of a text. */
export function createMarkdownPosition(): MarkdownPosition {
  let line = '';
  /** Opening fence of the current code block; null outside of one. */
  let fence: string | null = null;

  function endLine(): void {
    const [, marks, rest = ''] = FENCE.exec(line) ?? [];
    line = '';
    if (marks === undefined) return;
    if (fence === null) fence = marks;
    else if (marks.startsWith(fence) && rest.trim() === '') fence = null;
  }

  return {
    advance(text) {
      for (const [index, piece] of text.split('\n').entries()) {
        if (index > 0) endLine();
        line += piece.slice(0, MAX_FENCE_LENGTH - line.length);
      }
    },
    reset() {
      line = '';
      fence = null;
    },
    isAtLineStart: () => line.trim() === '',
    isInCode: () => fence !== null,
  };
}
