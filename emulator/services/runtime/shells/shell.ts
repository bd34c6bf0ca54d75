import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { CommandExit, Terminal, TerminalSize } from '../../../compute/compute.ts';
import * as frames from './frames.ts';
import { createPendingOutput } from './pendingOutput.ts';

/** A shell of a session: it stays when its client goes, and the next one finds it as it is. */
export interface Shell {
  /**
   * Makes this its client in the place of whoever was, and shows it what it has not seen. Resolves, with
   * the words for it, when the client is no more.
   */
  attach(client: WebSocket): Promise<string>;
  /** Ends it as a terminal does that is closed. */
  end(): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<CommandExit>;
}

/** How a connection is closed. */
const CLOSE = { normal: 1000, unsupported: 1003, tooMuch: 1009, displaced: 4000 } as const;

/** How much may be on its way to a client before the shell has to wait for it. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** How much may be typed that nothing reads. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** How long what a shell has shown may be on its way to us when it has ended. */
const DRAIN_MILLISECONDS = 100;

/** A shell by the name that its clients know it by, in a terminal that has just been opened. */
export function createShell(
  shellId: string,
  terminal: Terminal,
  longestFrame: number,
  whyEnded: () => Promise<string>,
): Shell {
  const undelivered = createPendingOutput();
  let client: WebSocket | null = null;
  let wasAttached = false;
  let resizing: Promise<void> | null = null;
  let leave: (outcome: string) => void = () => {};

  terminal.output.on('data', (bytes: Buffer) => {
    if (client === null) return undelivered.add(bytes);
    show(client, bytes);
  });
  terminal.output.resume();
  const drained = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) terminal.output.once(event, () => resolve());
  });
  const ended = terminal.exited;
  void ended.then(async (exit) => {
    if (!exit.withMachine) await untilShown();
    if (client === null) return;
    if (exit.withMachine) {
      client.send(frames.diagnosticFrame(await whyEnded()));
      client.send(frames.channelFrame('close'));
    } else client.send(frames.exitStatusFrame(exit.code));
    client.close(CLOSE.normal);
    release(exit.withMachine ? 'its session ended' : `it ended with exit code ${exit.code}`);
  });

  // What it left running may hold the terminal open, which then has no end. All that the shell itself
  // showed is there a moment later, unless it is held back for a slow client.
  async function untilShown(): Promise<void> {
    for (;;) {
      const hasEnded = drained.then(() => true);
      if (await Promise.race([hasEnded, sleep(DRAIN_MILLISECONDS, false)])) return;
      if (!terminal.output.isPaused()) return;
    }
  }

  function show(to: WebSocket, bytes: Uint8Array): void {
    let isFull = false;
    for (const frame of frames.outputFrames(bytes, longestFrame)) {
      to.send(frame, () => {
        // Who was held back for it goes on; a client that is gone holds nobody back.
        if (isFull && to.bufferedAmount < MAX_BUFFERED_BYTES) terminal.output.resume();
      });
    }
    isFull = to.bufferedAmount >= MAX_BUFFERED_BYTES;
    if (isFull) terminal.output.pause();
  }

  function release(outcome: string): void {
    client = null;
    terminal.output.resume();
    leave(outcome);
  }

  // What is typed after a change of size comes after it.
  function resize(size: TerminalSize): void {
    const change = terminal.resize(size).then(() => {
      if (resizing === change) resizing = null;
    });
    resizing = change;
  }

  function inTurn(act: () => void): void {
    if (resizing === null) act();
    else void resizing.then(act);
  }

  function hear(from: WebSocket, data: Buffer): void {
    if (data.length === 0) return;
    const payload = data.subarray(1);
    switch (data.readUInt8(0)) {
      case frames.CHANNEL.stdin:
        inTurn(() => terminal.input.write(payload));
        if (terminal.input.writableLength > MAX_UNREAD_BYTES) {
          from.close(CLOSE.tooMuch, 'nothing in the shell reads what is typed');
        }
        break;
      case frames.CHANNEL.resize: {
        const size = frames.readSize(payload);
        if (size === null)
          from.send(frames.diagnosticFrame('RESIZE takes {"width": columns, "height": rows}.'));
        else if (size.columns > 0 && size.rows > 0) resize(size);
        break;
      }
      case frames.CHANNEL.heartbeat:
        from.send(frames.channelFrame('heartbeat'));
        break;
      case frames.CHANNEL.close:
        terminal.hangUp();
        from.send(frames.channelFrame('close'));
        from.close(CLOSE.normal);
        break;
      // Channels of a later protocol are passed over.
    }
  }

  return {
    attach(next) {
      if (client) {
        const displaced = client;
        release('another client took its place');
        displaced.close(CLOSE.displaced, 'another client has connected to this shell');
      }
      const { bytes, dropped } = undelivered.take();
      next.send(
        frames.confirmationFrame({ shellId, reconnected: wasAttached, bytesDropped: dropped }),
      );
      client = next;
      wasAttached = true;
      show(next, bytes);
      next.on('message', (data: Buffer, isBinary) => {
        if (client !== next) return;
        if (isBinary) hear(next, data);
        else next.close(CLOSE.unsupported, 'frames are binary, the first byte is the channel');
      });
      // What is wrong with a frame, such as its length, closes the connection with a code for it.
      next.on('error', () => {});
      next.once('close', (code) => {
        if (client === next) release(`its client left (${code})`);
      });
      return new Promise((resolve) => (leave = resolve));
    },
    end: () => terminal.hangUp(),
    ended,
  };
}
