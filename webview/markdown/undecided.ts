// While a text is being written, its last line may still become something else: `-` a list or a rule,
// `|` a table. It is shown once that is decided, so that nothing that is shown changes its shape. (Of a
// table whose rows begin with no bar only the second line tells: its head stands as a line till then.)

/** Markers of quotes, lists and tasks with nothing behind them, or what may become such a marker. */
const MARKERS =
  /^(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*(?:[-=_*+#`~:|. \t]*|\d{1,9}[.)]?|\[[ xX]?\]?)[ \t]*$/;

/** The opening line of fenced code, whose language is not yet whole. */
const FENCE = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?:`{3,}[^`]*|~{3,}.*)$/;

/** A definition, which will not be shown at all. */
const DEFINITION = /^ {0,3}\[[^\]]*\]:/;

const TABLE_ROW = /^ {0,3}\|/;

/** A longer line is none of these, and none is looked at longer than this. */
const LONGEST = 300;

/** A longer row may still be the head of a table, and is shown nevertheless. */
const LONGEST_HEAD = 1_000;

/** Where in this source, whose newlines are `\n`, begins what is not decided; its length if all is. */
export function findUndecided(source: string): number {
  const start = source.lastIndexOf('\n') + 1;
  const line = source.slice(start);
  if (!isUndecided(line)) return Math.min(tableHeadFrom(source), source.length);
  return Math.min(tableHeadFrom(TABLE_ROW.test(line) ? source : source.slice(0, start)), start);
}

function isUndecided(line: string): boolean {
  if (line === '' || line.length > LONGEST) return false;
  return MARKERS.test(line) || FENCE.test(line) || DEFINITION.test(line);
}

/** Where a row begins of which the next line will say whether it is the head of a table. */
function tableHeadFrom(source: string): number {
  const isWhole = source.endsWith('\n');
  let rows = 0;
  let from = Infinity;
  let end = isWhole ? source.length - 1 : source.length;
  // The third row from the end follows a delimiter row, or is no row of a table.
  while (end >= 0 && rows < 3) {
    const start = source.lastIndexOf('\n', end - 1) + 1;
    if (!TABLE_ROW.test(source.slice(start, end))) break;
    rows++;
    from = start;
    end = start - 1;
  }
  const isOpen = rows === 1 || (rows === 2 && !isWhole);
  return isOpen && source.length - from <= LONGEST_HEAD ? from : Infinity;
}
