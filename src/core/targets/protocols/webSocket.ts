import { SESSION_HEADER, USER_HEADER, type AgentSocket } from '../../agents/invocation.ts';
import type { CreateProtocolClient } from '../../agents/protocolClient.ts';
import type {
  ConnectionListener,
  SocketClose,
  SocketConnection,
} from '../../agents/socketConnection.ts';
import type { Frame } from '../../invocation/framing/frame.ts';
import { frameMessage } from '../../invocation/framing/socketMessage.ts';
import { buildPayload } from './http.ts';

/** The WebSocket of a session. */
interface SessionSocket extends SocketConnection {
  isOpen(): boolean;
  send(payload: string): void;
}

/**
 * An agent's `/ws`, which takes the same payloads as its `/invocations`. One WebSocket per session
 * stays open, and the agent may send over it at any time.
 */
export const webSocket: CreateProtocolClient = ({ openSocket }) => {
  let socket: SessionSocket | null = null;
  /** Shared by messages that are sent while the WebSocket opens. */
  let opening: Promise<SessionSocket> | null = null;

  async function open(sessionId: string, signal: AbortSignal): Promise<SessionSocket> {
    return (socket = sessionSocket(await openSocket({ sessionId }, signal)));
  }

  return {
    async send(message, signal) {
      const { sessionId, actorId } = message;
      const payload = buildPayload(message);
      let current = socket;
      if (!current?.isOpen()) {
        opening ??= open(sessionId, signal).finally(() => {
          opening = null;
        });
        current = await opening;
      }
      current.send(payload);
      // The headers of the request that opened the WebSocket.
      const user = actorId === null ? {} : { [USER_HEADER]: actorId };
      message.onSent?.({ headers: { [SESSION_HEADER]: sessionId, ...user }, payload });
      return { connection: current };
    },
    close: () => socket?.close(),
  };
};

function sessionSocket(socket: AgentSocket): SessionSocket {
  let listener: ConnectionListener | null = null;
  let undelivered: Frame[] = [];
  let end: SocketClose | null = null;

  function deliver(frames: readonly Frame[]): void {
    if (listener) listener.onFrames(frames);
    else undelivered.push(...frames);
  }

  socket.listen({
    onText: (text) => deliver(frameMessage(text)),
    onBinary: (length) => deliver([{ type: 'binary', length, unit: 'bytes' }]),
    onClosed(close) {
      end = close;
      listener?.onClosed(close);
    },
  });
  return {
    isOpen: () => end === null,
    send: socket.send,
    listen(next) {
      listener = next;
      const frames = undelivered;
      undelivered = [];
      next.onFrames(frames);
      if (end) next.onClosed(end);
    },
    close() {
      // The listener does not get the close that its own side requested.
      listener = null;
      end ??= { code: 1000, reason: '' };
      socket.close();
    },
  };
}
