import { useEffect, useState } from 'preact/hooks';

const UPDATE_MILLISECONDS = 1000;

/** Returns the current time, updated every second while `isActive`. */
export function useNow(isActive: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isActive) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), UPDATE_MILLISECONDS);
    return () => clearInterval(timer);
  }, [isActive]);
  return now;
}
