import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { IconButton } from '../iconButton.tsx';

/** How a turn that runs is ended. */
export interface TurnStopActions {
  readonly turn: string;
  readonly stop: () => void;
  /** Says that the answer is complete; null where its own end tells that. */
  readonly settle: (() => void) | null;
  /** Sends the agent's own cancel payload; null where it has none. */
  readonly cancelWork: (() => void) | null;
}

/** The buttons that end a turn: Stop for its answer and, where the agent can be told so, its work. */
export function StopButtons({
  ends: { stop, settle, cancelWork },
  onDone,
}: {
  readonly ends: TurnStopActions;
  readonly onDone: () => void;
}): JSX.Element {
  const [isCancelled, setIsCancelled] = useState(false);
  return (
    <>
      {cancelWork && (
        <button
          type="button"
          title="Send the agent its cancel payload, which ends the work itself"
          // Pressed, it has nothing more to do, and keeps the focus all the same.
          aria-disabled={isCancelled}
          onClick={() => {
            if (isCancelled) return;
            setIsCancelled(true);
            cancelWork();
          }}
        >
          {isCancelled ? 'Cancel sent' : 'Cancel work'}
        </button>
      )}
      {settle && (
        <button
          type="button"
          title="That was the whole answer. What the agent still says begins another one"
          onClick={() => {
            settle();
            onDone();
          }}
        >
          Done
        </button>
      )}
      <IconButton
        icon="stop"
        name="Stop"
        class="round primary"
        title={settle ? 'Stop, and close the web socket' : 'Stop'}
        onClick={() => {
          stop();
          onDone();
        }}
      />
    </>
  );
}
