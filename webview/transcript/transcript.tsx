import type { ComponentChildren, JSX } from 'preact';
import { Scroller } from '../scroller.tsx';

/** The conversation. */
export function Transcript({
  busy,
  sent,
  start,
  onScroll,
  children,
}: {
  readonly busy: boolean;
  /** How many prompts were sent from here; one's own is always shown. */
  readonly sent: number;
  /** Where the reader was; null at the end. */
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
        // The announcer speaks, by sentence.
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
