/** Counts a call to an agent. Returns true if the call exceeds the rate. */
export type Throttle = (runtimeId: string) => boolean;

/** Limits the calls to each agent within any second of real time, because callers retry in real time. */
export function createThrottle(perSecond: number, realNow: () => number): Throttle {
  if (perSecond === Infinity) return () => false;
  const calls = new Map<string, number[]>();
  return (runtimeId) => {
    const now = realNow();
    const recent = (calls.get(runtimeId) ?? []).filter((at) => now - at < 1_000);
    calls.set(runtimeId, recent);
    if (recent.length >= perSecond) return true;
    recent.push(now);
    return false;
  };
}
