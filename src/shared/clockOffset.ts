const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** Formats how far a clock is ahead of real time in its two largest units: "2 h 15 m". Null below a second. */
export function formatClockOffset(seconds: number): string | null {
  let rest = Math.floor(seconds);
  const first = UNITS.findIndex(([, size]) => rest >= size);
  if (first === -1) return null;
  const parts = UNITS.slice(first, first + 2).map(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? '' : `${amount} ${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}
