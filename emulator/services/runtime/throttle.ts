/** Counts one more call of an agent, and says whether it is one too many for a second. */
export type Throttle = (runtimeId: string) => boolean;

/** Takes so many calls of an agent in any second of real time, in which callers wait and try again. */
export function createThrottle(perSecond: number, realNow: () => number): Throttle {
  if (perSecond === Infinity) return () => false;
  const taken = new Map<string, number[]>();
  return (runtimeId) => {
    const now = realNow();
    const recent = (taken.get(runtimeId) ?? []).filter((at) => now - at < 1_000);
    taken.set(runtimeId, recent);
    if (recent.length >= perSecond) return true;
    recent.push(now);
    return false;
  };
}
