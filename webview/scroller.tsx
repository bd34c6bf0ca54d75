import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

/** Distance in pixels that counts as the end, because zoom makes scroll positions fractional. */
const END_TOLERANCE = 8;

/** Scrollable content that follows its end as it grows, unless the reader has scrolled up. */
export function Scroller({
  attributes,
  column,
  sent,
  start,
  onScroll,
  children,
}: {
  /** Role and accessible name. */
  readonly attributes: JSX.IntrinsicElements['div'];
  /** CSS class of the content. */
  readonly column: string;
  /** Number of prompts sent from this view. Each one scrolls to the end. */
  readonly sent: number;
  /** Initial scroll position in pixels; null for the end. */
  readonly start: number | null;
  readonly onScroll: (scroll: number | null) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(start === null);
  // A ref, because events between two renderings must see the current value.
  const now = useRef({ follows, top: 0 });
  function follow(next: boolean): void {
    now.current.follows = next;
    setFollows(next);
  }
  /** Only scrolling up stops following; growing content does not. */
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
    if (now.current.follows) scrollToEnd(box.current!);
  });
  // The size also changes when the composer grows, the window is resized, or content is laid out late.
  useEffect(() => {
    if (!follows) return;
    const element = box.current!;
    const observer = new ResizeObserver(() => {
      if (now.current.follows) scrollToEnd(element);
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

function scrollToEnd(element: Element): void {
  element.scrollTop = element.scrollHeight;
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: Element): boolean {
  return scrollHeight - clientHeight - scrollTop < END_TOLERANCE;
}
