const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** Formats how far a clock is ahead of real time in its two largest units: "2 h 15 m". Null below a second. */
export function formatClockOffset(seconds: number): string | null {
  const largest = largestUnit(Math.round(seconds));
  // An advance to a moment ends up milliseconds short of its offset, so the smaller unit is rounded.
  const [, smaller] = UNITS[largest + 1] ?? ['s', 1];
  let rest = Math.round(seconds / smaller) * smaller;
  const first = largestUnit(rest);
  const parts = UNITS.slice(first, first + 2).map(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? '' : `${amount} ${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ') || null;
}

function largestUnit(seconds: number): number {
  const index = UNITS.findIndex(([, size]) => seconds >= size);
  return index === -1 ? UNITS.length : index;
}
