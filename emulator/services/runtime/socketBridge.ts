import type { Duplex } from 'node:stream';
import {
  closeFrame,
  createFrameCounter,
  type FrameViolation,
  type FrameLimits,
} from './frameCounter.ts';

/** A bridge between the two ends of a WebSocket. */
export interface SocketBridge {
  /** Sends a close frame to both ends and closes the connection. */
  close(violation: FrameViolation): void;
}

/** One end, with the bytes that it has already sent. */
interface SocketEnd {
  readonly socket: Duplex;
  readonly received: Buffer;
}

/** Time for an end to close its connection after the close frame. */
const CLOSE_MILLISECONDS = 1_000;

/**
 * Forwards the bytes of each end unchanged until one closes, and checks the frames against the
 * limits. A violation closes the connection.
 */
export function bridgeSockets(
  caller: SocketEnd,
  agent: SocketEnd,
  limits: FrameLimits,
  onViolation: (violation: FrameViolation) => void,
): SocketBridge {
  const directions = [
    createDirection(caller, agent.socket, { masked: true }),
    createDirection(agent, caller.socket, { masked: false }),
  ];
  let isClosing = false;

  function createDirection(
    { socket: from, received }: SocketEnd,
    to: Duplex,
    kind: { masked: boolean },
  ) {
    const counter = createFrameCounter(limits);
    let pendingClose: Buffer | null = null;

    function pass(bytes: Buffer): void {
      if (to.writableEnded) return;
      const { pass: passing, violation } = counter.push(bytes);
      if (passing.length > 0 && !to.write(passing)) from.pause();
      if (violation) {
        bridge.close(violation);
        onViolation(violation);
      }
      sendClose();
    }

    // A close frame cannot be sent in the middle of another frame.
    function sendClose(): void {
      if (pendingClose && counter.isBetweenFrames() && !to.writableEnded) to.end(pendingClose);
    }

    return {
      begin() {
        if (received.length > 0) from.unshift(received);
        from.on('data', pass);
        from.once('end', () => to.end());
        to.on('drain', () => from.resume());
      },
      close(violation: FrameViolation) {
        pendingClose = closeFrame(violation, kind);
        sendClose();
      },
    };
  }

  const bridge: SocketBridge = {
    close(violation) {
      if (isClosing) return;
      isClosing = true;
      for (const direction of directions) direction.close(violation);
      setTimeout(() => {
        caller.socket.destroy();
        agent.socket.destroy();
      }, CLOSE_MILLISECONDS).unref();
    },
  };
  for (const direction of directions) direction.begin();
  return bridge;
}
