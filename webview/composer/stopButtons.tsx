import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { IconButton } from '../iconButton.tsx';

/** Actions that end the running turn. */
export interface TurnStopActions {
  readonly turn: string;
  readonly stop: () => void;
  /** Completes the answer; null if the answer has an end of its own. */
  readonly settle: (() => void) | null;
  /** Sends the agent's cancel payload; null if it has none. */
  readonly cancelWork: (() => void) | null;
}

/** Buttons that end the running turn: Stop and, if available, Done and Cancel work. */
export function StopButtons({
  stopActions: { stop, settle, cancelWork },
  onDone,
}: {
  readonly stopActions: TurnStopActions;
  readonly onDone: () => void;
}): JSX.Element {
  const [isCancelSent, setIsCancelSent] = useState(false);
  return (
    <>
      {cancelWork && (
        <button
          type="button"
          title="Send the cancel payload to the agent, which ends its work"
          // A `disabled` button would lose the focus after it is pressed.
          aria-disabled={isCancelSent}
          onClick={() => {
            if (isCancelSent) return;
            setIsCancelSent(true);
            cancelWork();
          }}
        >
          {isCancelSent ? 'Cancel sent' : 'Cancel work'}
        </button>
      )}
      {settle && (
        <button
          type="button"
          title="Complete this answer. Later messages of the agent start a new one"
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
        class="roundButton primary"
        title={settle ? 'Stop and close the WebSocket' : 'Stop'}
        onClick={() => {
          stop();
          onDone();
        }}
      />
    </>
  );
}
