/** Returns the candidate that a misspelled word most likely means, if there is one. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const letters = word.replaceAll('-', '').length;
  // A third of the letters may be wrong; more is another word.
  const tolerated = Math.max(1, Math.floor(letters / 3));
  const isBeginningOf = (candidate: string) => letters >= 3 && candidate.startsWith(word);
  const [best] = candidates
    .map((candidate) => ({
      candidate,
      distance: isBeginningOf(candidate) ? 0 : editDistance(word, candidate),
    }))
    .filter(({ distance }) => distance <= tolerated)
    .toSorted((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Counts the insertions, deletions, replacements and swaps of neighbors that turn one word into another. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          rows[row - 1]![column]! + 1,
          current[column - 1]! + 1,
          rows[row - 1]![column - 1]! + (isSame ? 0 : 1),
          isSwap ? rows[row - 2]![column - 2]! + 1 : Infinity,
        ),
      );
    }
    rows.push(current);
  }
  return rows[from.length]![to.length]!;
}
