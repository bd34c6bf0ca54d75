import type { JSX } from 'preact';
import type { SocketStatus } from '../../src/shared/chat/socketStatus.ts';

/** How the web socket to the agent is; nothing where there is none. */
export function SocketStatusView({
  line,
  isListening,
  onHangUp,
}: {
  readonly line: SocketStatus | null;
  /** Whether an answer is coming. */
  readonly isListening: boolean;
  readonly onHangUp: () => void;
}): JSX.Element {
  return (
    <div class="aside socket">
      <p role="status">
        {line?.state === 'open' && (isListening ? LISTENING : OPEN)}
        {line?.state === 'lost' && `The web socket is lost. ${line.why} ${NEXT}`}
      </p>
      {line?.state === 'open' && !isListening && (
        <button
          type="button"
          class="outlined"
          title="Close the web socket: as long as it is open, the session is busy"
          onClick={onHangUp}
        >
          Close
        </button>
      )}
    </div>
  );
}

const OPEN = 'The web socket is open: the agent may speak at any time.';
const LISTENING = 'Listening on the web socket. Write on, or say Done when that was the answer.';
const NEXT = 'Your next message opens it again, in the same session.';
