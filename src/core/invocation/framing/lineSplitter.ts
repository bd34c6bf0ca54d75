import { MAX_EVENT_LENGTH } from './frame.ts';

/** A line, cut to the length limit. */
export interface TextLine {
  readonly text: string;
  /** Characters beyond the limit, which were dropped. */
  readonly cut: number;
}

/** Cuts text into lines that end with LF, CR or both. */
export function createLineSplitter(): { push(text: string): TextLine[]; end(): TextLine[] } {
  let head = '';
  let cut = 0;
  /** The last line ended with a CR. An LF that follows belongs to it. */
  let endedByReturn = false;

  function keep(piece: string): void {
    const kept = piece.slice(0, MAX_EVENT_LENGTH - head.length);
    // Appending an empty string would copy a long line each time.
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
