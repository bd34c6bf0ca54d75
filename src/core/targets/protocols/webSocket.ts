import { framesOf } from '../../invocation/framing/messages.ts';
import type { Frame } from '../../invocation/framing/frame.ts';
import { SESSION_HEADER, USER_HEADER, type AgentSocket } from '../../agents/invocation.ts';
import type {
  SocketConnection,
  SocketClose,
  ConnectionListener,
} from '../../agents/socketConnection.ts';
import { payloadOf } from './http.ts';
import type { CreateProtocolClient } from '../../agents/protocolClient.ts';

/** A line over a web socket. */
interface SocketLine extends SocketConnection {
  readonly sessionId: string;
  isOpen(): boolean;
  send(payload: string): void;
}

/**
 * An agent's `/ws`, to which the same is sent as to its `/invocations`: one web socket for a session, which
 * stays open, and on which the agent may speak at any time.
 */
export const webSocket: CreateProtocolClient = ({ openSocket }) => {
  let line: SocketLine | null = null;
  // Who asks while it is being opened waits for the same one.
  let opening: Promise<SocketLine> | null = null;

  async function open(sessionId: string, signal: AbortSignal): Promise<SocketLine> {
    line?.close();
    return (line = lineOver(await openSocket({ sessionId }, signal), sessionId));
  }

  return {
    async send(question, signal) {
      const { sessionId, actorId } = question;
      const payload = payloadOf(question);
      if (line?.sessionId !== sessionId || !line.isOpen()) {
        opening ??= open(sessionId, signal).finally(() => {
          opening = null;
        });
        await opening;
      }
      line!.send(payload);
      // With these it was opened.
      const user = actorId === null ? {} : { [USER_HEADER]: actorId };
      question.onSent?.({ headers: { [SESSION_HEADER]: sessionId, ...user }, payload });
      return { connection: line! };
    },
    close: () => line?.close(),
  };
};

function lineOver(socket: AgentSocket, sessionId: string): SocketLine {
  let listener: ConnectionListener | null = null;
  let unheard: Frame[] = [];
  let end: SocketClose | null = null;

  function hear(frames: readonly Frame[]): void {
    if (listener) listener.onFrames(frames);
    else unheard.push(...frames);
  }

  socket.listen({
    onText: (text) => hear(framesOf(text)),
    onBinary: (length) => hear([{ type: 'binary', length, unit: 'bytes' }]),
    onClosed(closed) {
      end = closed;
      listener?.onClosed(closed);
    },
  });
  return {
    sessionId,
    isOpen: () => end === null,
    send: socket.send,
    listen(next) {
      listener = next;
      const frames = unheard;
      unheard = [];
      next.onFrames(frames);
      if (end) next.onClosed(end);
    },
    close() {
      // It is no news to who has hung up.
      listener = null;
      end ??= { code: 1000, reason: '' };
      socket.close();
    },
  };
}
