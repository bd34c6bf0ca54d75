/** Where a text that is read bit by bit stands, as far as Markdown's code and lines go. */
export interface MarkdownPosition {
  /** What comes next in it. */
  advance(text: string): void;
  /** Another text begins. */
  reset(): void;
  /** Whether nothing stands before it in its line. */
  isAtLineStart(): boolean;
  /** Whether it is in a block of code between fences. */
  isInCode(): boolean;
}

/** How much of a line is looked at to know whether it is a fence. */
const LONGEST_FENCE = 200;

const FENCE = /^\s*(`{3,}|~{3,})(.*)$/s;

/** Begins with a text. */
export function createMarkdownPosition(): MarkdownPosition {
  let line = '';
  /** What the block of code began with; null outside of one. */
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
        line += piece.slice(0, LONGEST_FENCE - line.length);
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
