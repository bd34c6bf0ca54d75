import type { Duplex } from 'node:stream';
import {
  closeFrame,
  createFrameCounter,
  type FrameViolation,
  type FrameLimits,
} from './frameCounter.ts';

/** The two ends of a web socket, joined. */
export interface SocketBridge {
  /** Tells both ends why, and ends the line. */
  close(why: FrameViolation): void;
}

/** One end, with what it has already said. */
interface SocketEnd {
  readonly socket: Duplex;
  readonly received: Buffer;
}

/** How long an end may take to leave once it was told to. */
const CLOSE_MILLISECONDS = 1_000;

/**
 * Passes on what each end says, byte for byte, until one is gone, and counts the frames of it. Who sends
 * too much, or too often, is told so.
 */
export function bridgeSockets(
  caller: SocketEnd,
  agent: SocketEnd,
  rules: FrameLimits,
  onBreach: (breach: FrameViolation) => void,
): SocketBridge {
  const ways = [
    createWay(caller, agent.socket, { masked: true }),
    createWay(agent, caller.socket, { masked: false }),
  ];
  let isClosing = false;

  function createWay(
    { socket: from, received: said }: SocketEnd,
    to: Duplex,
    kind: { masked: boolean },
  ) {
    const counter = createFrameCounter(rules);
    let farewell: Buffer | null = null;

    function pass(bytes: Buffer): void {
      if (to.writableEnded) return;
      const { pass: passing, breach } = counter.push(bytes);
      if (passing.length > 0 && !to.write(passing)) from.pause();
      if (breach) {
        line.close(breach);
        onBreach(breach);
      }
      leave();
    }

    // In the middle of a frame nothing else can be said.
    function leave(): void {
      if (farewell && counter.isBetweenFrames() && !to.writableEnded) to.end(farewell);
    }

    return {
      begin() {
        if (said.length > 0) from.unshift(said);
        from.on('data', pass);
        from.once('end', () => to.end());
        to.on('drain', () => from.resume());
      },
      close(why: FrameViolation) {
        farewell = closeFrame(why, kind);
        leave();
      },
    };
  }

  const line: SocketBridge = {
    close(why) {
      if (isClosing) return;
      isClosing = true;
      for (const way of ways) way.close(why);
      setTimeout(() => {
        caller.socket.destroy();
        agent.socket.destroy();
      }, CLOSE_MILLISECONDS).unref();
    },
  };
  for (const way of ways) way.begin();
  return line;
}
