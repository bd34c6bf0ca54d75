import type { JSX } from 'preact';
import type { SocketStatus } from '../../src/shared/chat/socketStatus.ts';

/** Shows the state of the WebSocket to the agent, if there is one. */
export function SocketStatusView({
  socket,
  isReceiving,
  onCloseSocket,
}: {
  readonly socket: SocketStatus | null;
  /** True while an answer is streaming. */
  readonly isReceiving: boolean;
  readonly onCloseSocket: () => void;
}): JSX.Element {
  return (
    <div class="aside socket">
      <p role="status">
        {socket?.state === 'open' && (isReceiving ? RECEIVING : OPEN)}
        {socket?.state === 'lost' &&
          `The WebSocket connection was lost. ${socket.why} ${RECONNECT}`}
      </p>
      {socket?.state === 'open' && !isReceiving && (
        <button
          type="button"
          class="outlined"
          title="Close the WebSocket. The session stays busy while it is open"
          onClick={onCloseSocket}
        >
          Close
        </button>
      )}
    </div>
  );
}

const OPEN = 'The WebSocket is open. The agent can send messages at any time.';
const RECEIVING =
  'Receiving from the WebSocket. Send another message, or choose Done if the answer is complete.';
const RECONNECT = 'Your next message reconnects to the same session.';
