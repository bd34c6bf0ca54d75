import { LONGEST_EVENT } from './frame.ts';

/** A line, as far as it is kept. */
export interface TextLine {
  readonly text: string;
  /** How many more characters it had. */
  readonly cut: number;
}

/** Cuts text into lines, whatever ends them: LF, CR or both. */
export function createLineSplitter(): { push(text: string): TextLine[]; end(): TextLine[] } {
  let head = '';
  let cut = 0;
  // A CR ended the last line; an LF right after it belongs to that end.
  let endedByReturn = false;

  function keep(piece: string): void {
    const kept = piece.slice(0, LONGEST_EVENT - head.length);
    // Nothing is joined to what is full: it would be copied each time.
    if (kept !== '') head += kept;
    cut += piece.length - kept.length;
  }

  function take(): TextLine {
    const line = { text: head, cut };
    head = '';
    cut = 0;
    return line;
  }

  return {
    push(text) {
      const lines: TextLine[] = [];
      let from = endedByReturn && text.startsWith('\n') ? 1 : 0;
      if (text !== '') endedByReturn = text.endsWith('\r');
      const ends = /\r\n|\r|\n/g;
      ends.lastIndex = from;
      for (let end = ends.exec(text); end; end = ends.exec(text)) {
        keep(text.slice(from, end.index));
        lines.push(take());
        from = ends.lastIndex;
      }
      keep(text.slice(from));
      return lines;
    },
    end: () => (head === '' ? [] : [take()]),
  };
}
