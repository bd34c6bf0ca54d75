// While a text streams, its last line may still become something else: `-` a list or a rule, `|` a
// table. It is shown once that is decided, so that visible blocks keep their shape. Exception: a table
// whose rows do not start with `|` is recognized by its second line, so its header is shown as text.

/** Markers of quotes, lists and tasks without content, complete or incomplete. */
const MARKERS =
  /^(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*(?:[-=_*+#`~:|. \t]*|\d{1,9}[.)]?|\[[ xX]?\]?)[ \t]*$/;

/** Opening line of fenced code, whose language may be incomplete. */
const FENCE = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?:`{3,}[^`]*|~{3,}.*)$/;

/** Start of a link definition, which is not shown. */
const DEFINITION = /^ {0,3}\[[^\]]*\]:/;

const TABLE_ROW = /^ {0,3}\|/;

/** Longer lines are decided. */
const MAX_LINE = 300;

/** Longer rows are shown even if they may still become a table header. */
const MAX_HEADER = 1_000;

/** Index of the first undecided line; the length of the source if there is none. Newlines are `\n`. */
export function findUndecided(source: string): number {
  const start = source.lastIndexOf('\n') + 1;
  const line = source.slice(start);
  if (!isUndecided(line)) return Math.min(findTableHeader(source), source.length);
  return Math.min(findTableHeader(TABLE_ROW.test(line) ? source : source.slice(0, start)), start);
}

function isUndecided(line: string): boolean {
  if (line === '' || line.length > MAX_LINE) return false;
  return MARKERS.test(line) || FENCE.test(line) || DEFINITION.test(line);
}

/** Index of a row that the next line may turn into a table header; Infinity if there is none. */
function findTableHeader(source: string): number {
  const isWhole = source.endsWith('\n');
  let rows = 0;
  let from = Infinity;
  let end = isWhole ? source.length - 1 : source.length;
  // A third row means that the delimiter row has arrived, or that this is no table.
  while (end >= 0 && rows < 3) {
    const start = source.lastIndexOf('\n', end - 1) + 1;
    if (!TABLE_ROW.test(source.slice(start, end))) break;
    rows++;
    from = start;
    end = start - 1;
  }
  const isOpen = rows === 1 || (rows === 2 && !isWhole);
  return isOpen && source.length - from <= MAX_HEADER ? from : Infinity;
}
