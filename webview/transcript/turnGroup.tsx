import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { useStableList } from './memoizedList.tsx';

/** How high a turn is that nobody has seen yet, in pixels: neither figure nor guess is ever exact. */
const USUAL_HEIGHT = 220;

/** How far from what is seen turns are built, so that nobody scrolls faster. */
const AHEAD = '2000px';

/**
 * Some turns, one after the other. They are built when somebody is near them, or when `isDue`; until
 * then they are empty space.
 */
export function TurnGroup({
  turns,
  isDue,
  show,
}: {
  readonly turns: readonly Turn[];
  readonly isDue: boolean;
  readonly show: (turn: Turn) => JSX.Element;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [isNear, setIsNear] = useState(false);
  const isBuilt = isDue || isNear;
  const steady = useStableList(turns);

  useEffect(() => {
    if (isBuilt) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setIsNear(true);
      },
      { root: box.current!.closest('[role=log]'), rootMargin: AHEAD },
    );
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [isBuilt]);

  const height = `${turns.length * USUAL_HEIGHT}px`;
  return useMemo(
    () => (
      <div
        ref={box}
        class="turns"
        style={isBuilt ? { containIntrinsicBlockSize: `auto ${height}` } : { blockSize: height }}
      >
        {isBuilt && steady.map(show)}
      </div>
    ),
    [steady, isBuilt, height, show],
  );
}
