import type { ComponentChildren, JSX } from 'preact';
import { Scroller } from '../scroller.tsx';

/** Scrollable conversation. */
export function Transcript({
  busy,
  sent,
  start,
  onScroll,
  children,
}: {
  readonly busy: boolean;
  /** Number of prompts sent from this view. Each one scrolls to the end. */
  readonly sent: number;
  /** Initial scroll position in pixels; null for the end. */
  readonly start: number | null;
  readonly onScroll: (scroll: number | null) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <Scroller
      attributes={{
        role: 'log',
        'aria-label': 'Conversation',
        'aria-busy': busy,
        // The announcer reads the answer by sentence.
        'aria-live': 'off',
      }}
      column="column"
      sent={sent}
      start={start}
      onScroll={onScroll}
    >
      {children}
    </Scroller>
  );
}
