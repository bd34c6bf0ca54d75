import { useEffect, useState } from 'preact/hooks';

/** How many groups at the end are built at once: more than a window shows. */
const AT_ONCE = 2;

/** Safari has no idle time that one could ask for; then they come one after the other. */
const PAUSE_MILLISECONDS = 50;

/**
 * From which of so many groups on they are due: the last at once, those before one by one, from the
 * end, whenever there is nothing else to do.
 */
export function useIdleBuilding(count: number): number {
  const [from, setFrom] = useState(Math.max(0, count - AT_ONCE));
  useEffect(() => {
    if (from === 0) return;
    const build = () => setFrom(from - 1);
    if (!('requestIdleCallback' in globalThis)) {
      const timer = setTimeout(build, PAUSE_MILLISECONDS);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(build);
    return () => cancelIdleCallback(idle);
  }, [from]);
  return from;
}
