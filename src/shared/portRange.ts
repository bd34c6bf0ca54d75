/** An inclusive range of ports. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** True if one of the ranges includes the port. */
export function includesPort(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(({ from, to }) => from <= port && port <= to);
}

/** Returns the only port of the ranges; null if there are more. */
export function onlyPort([first, ...others]: readonly PortRange[]): number | null {
  return first && others.length === 0 && first.from === first.to ? first.from : null;
}
