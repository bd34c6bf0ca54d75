import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

/** The end is reached when less than this is left below, in pixels: zoom makes for fractions. */
const NEAR = 8;

/** Something that grows. What is new comes into sight, unless the reader has scrolled away from it. */
export function Scroller({
  attributes,
  column,
  sent,
  start,
  onScroll,
  children,
}: {
  /** What it is to whoever does not see it. */
  readonly attributes: JSX.IntrinsicElements['div'];
  /** How what is in it is laid out, by its class. */
  readonly column: string;
  /** How many prompts were sent from here; one's own is always shown. */
  readonly sent: number;
  /** Where the reader was; null at the end. */
  readonly start: number | null;
  readonly onScroll: (scroll: number | null) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(start === null);
  // What is read between two renderings: a reader who leaves must not be brought back by the next piece.
  const now = useRef({ follows, top: 0 });
  function follow(wanted: boolean): void {
    now.current.follows = wanted;
    setFollows(wanted);
  }
  /** The reader leaves by going up; that there is more below is no going. */
  function noteScroll(element: Element): void {
    const { top } = now.current;
    now.current.top = element.scrollTop;
    if (isAtEnd(element)) follow(true);
    else if (element.scrollTop < top) follow(false);
  }

  useLayoutEffect(() => {
    if (start === null) return;
    box.current!.scrollTop = start;
    follow(isAtEnd(box.current!));
  }, []);
  useLayoutEffect(() => {
    if (sent > 0) follow(true);
  }, [sent]);
  useLayoutEffect(() => {
    if (now.current.follows) toEnd(box.current!);
  });
  // The composer grows as one writes, a sidebar is made wider, what was not laid out yet has another
  // height than was thought: the end stays in sight all the same.
  useEffect(() => {
    if (!follows) return;
    const element = box.current!;
    const observer = new ResizeObserver(() => {
      if (now.current.follows) toEnd(element);
    });
    observer.observe(element);
    observer.observe(element.firstElementChild!);
    return () => observer.disconnect();
  }, [follows]);

  return (
    <div class="transcript">
      <div
        ref={box}
        class="scroller"
        {...attributes}
        tabIndex={0}
        onScroll={({ currentTarget }) => noteScroll(currentTarget)}
        onScrollEnd={({ currentTarget }) =>
          onScroll(isAtEnd(currentTarget) ? null : currentTarget.scrollTop)
        }
      >
        <div class={column}>{children}</div>
      </div>
      {!follows && (
        <button
          type="button"
          class="latest"
          onClick={() => {
            follow(true);
            box.current?.focus();
          }}
        >
          <Icon name="down" />
          Latest
        </button>
      )}
    </div>
  );
}

function toEnd(element: Element): void {
  element.scrollTop = element.scrollHeight;
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: Element): boolean {
  return scrollHeight - clientHeight - scrollTop < NEAR;
}
