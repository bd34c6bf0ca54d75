import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { useStableList } from './memoizedList.tsx';

/** Estimated height of a turn that has not been laid out, in pixels. */
const ESTIMATED_HEIGHT = 220;

/** Distance from the visible area at which turns are rendered. */
const RENDER_MARGIN = '2000px';

/** Group of turns. It is empty space until it is near the visible area, or until `isDue`. */
export function TurnGroup({
  turns,
  isDue,
  renderTurn,
}: {
  readonly turns: readonly Turn[];
  readonly isDue: boolean;
  readonly renderTurn: (turn: Turn) => JSX.Element;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [isNear, setIsNear] = useState(false);
  const isRendered = isDue || isNear;
  const stableTurns = useStableList(turns);

  useEffect(() => {
    if (isRendered) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setIsNear(true);
      },
      { root: box.current!.closest('[role=log]'), rootMargin: RENDER_MARGIN },
    );
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [isRendered]);

  const height = `${turns.length * ESTIMATED_HEIGHT}px`;
  return useMemo(
    () => (
      <div
        ref={box}
        class="turns"
        style={isRendered ? { containIntrinsicBlockSize: `auto ${height}` } : { blockSize: height }}
      >
        {isRendered && stableTurns.map(renderTurn)}
      </div>
    ),
    [stableTurns, isRendered, height, renderTurn],
  );
}
