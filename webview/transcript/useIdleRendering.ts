import { useEffect, useState } from 'preact/hooks';

/** Number of groups at the end that render immediately. They fill more than a window. */
const INITIAL_GROUPS = 2;

/** Pause between groups in Safari, which has no requestIdleCallback. */
const PAUSE_MILLISECONDS = 50;

/**
 * Returns the index of the first group to render. The last groups render immediately, earlier ones one
 * by one while the browser is idle.
 */
export function useIdleRendering(count: number): number {
  const [from, setFrom] = useState(Math.max(0, count - INITIAL_GROUPS));
  useEffect(() => {
    if (from === 0) return;
    const renderNext = () => setFrom(from - 1);
    if (!('requestIdleCallback' in globalThis)) {
      const timer = setTimeout(renderNext, PAUSE_MILLISECONDS);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(renderNext);
    return () => cancelIdleCallback(idle);
  }, [from]);
  return from;
}
