import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { CommandExit, Terminal, TerminalSize } from '../../../compute/compute.ts';
import * as frames from './frames.ts';
import { createPendingOutput } from './pendingOutput.ts';

/** A shell of a session. It survives a disconnect, and the next client continues in it. */
export interface Shell {
  /**
   * Connects a client in place of the current one, and sends it the pending output. Resolves with the
   * outcome when the client is disconnected.
   */
  attach(client: WebSocket): Promise<string>;
  /** Ends the shell like a closed terminal. */
  end(): void;
  readonly ended: Promise<CommandExit>;
}

/** WebSocket close codes. */
const CLOSE = { normal: 1000, unsupported: 1003, tooMuch: 1009, displaced: 4000 } as const;

/** Bytes that may be in transit to a client before the shell's output is paused. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** Bytes of input that may wait until a program reads them. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** Time for the last output to arrive after the shell has ended. */
const DRAIN_MILLISECONDS = 100;

/** Creates a shell with the given id in a new terminal. */
export function createShell(
  shellId: string,
  terminal: Terminal,
  maxFrameLength: number,
  explainEnd: () => Promise<string>,
): Shell {
  const pendingOutput = createPendingOutput();
  let client: WebSocket | null = null;
  let wasAttached = false;
  let resizing: Promise<void> | null = null;
  let onDetached: (outcome: string) => void = () => {};

  terminal.output.on('data', (bytes: Buffer) => {
    if (client === null) return pendingOutput.add(bytes);
    send(client, bytes);
  });
  terminal.output.resume();
  const drained = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) terminal.output.once(event, () => resolve());
  });
  const ended = terminal.exited;
  void ended.then(async (exit) => {
    if (!exit.withMachine) await waitForOutput();
    if (client === null) return;
    if (exit.withMachine) {
      client.send(frames.diagnosticFrame(await explainEnd()));
      client.send(frames.channelFrame('close'));
    } else client.send(frames.exitStatusFrame(exit.code));
    client.close(CLOSE.normal);
    detach(exit.withMachine ? 'The session ended' : `The shell ended with exit code ${exit.code}`);
  });

  // Programs that the shell left running may hold the terminal open, so its output may never end. The
  // shell's own output arrives within a moment, unless it is paused for a slow client.
  async function waitForOutput(): Promise<void> {
    for (;;) {
      const hasEnded = drained.then(() => true);
      if (await Promise.race([hasEnded, sleep(DRAIN_MILLISECONDS, false)])) return;
      if (!terminal.output.isPaused()) return;
    }
  }

  function send(to: WebSocket, bytes: Uint8Array): void {
    let isFull = false;
    for (const frame of frames.outputFrames(bytes, maxFrameLength)) {
      to.send(frame, () => {
        // Resume output that was paused for this frame. A closed client's buffer is empty.
        if (isFull && to.bufferedAmount < MAX_BUFFERED_BYTES) terminal.output.resume();
      });
    }
    isFull = to.bufferedAmount >= MAX_BUFFERED_BYTES;
    if (isFull) terminal.output.pause();
  }

  function detach(outcome: string): void {
    client = null;
    terminal.output.resume();
    onDetached(outcome);
  }

  // Input that follows a resize is written after the resize.
  function resize(size: TerminalSize): void {
    const change = terminal.resize(size).then(() => {
      if (resizing === change) resizing = null;
    });
    resizing = change;
  }

  function afterResize(action: () => void): void {
    if (resizing === null) action();
    else void resizing.then(action);
  }

  function handleFrame(from: WebSocket, data: Buffer): void {
    if (data.length === 0) return;
    const payload = data.subarray(1);
    switch (data.readUInt8(0)) {
      case frames.CHANNEL.stdin:
        afterResize(() => terminal.input.write(payload));
        if (terminal.input.writableLength > MAX_UNREAD_BYTES) {
          from.close(CLOSE.tooMuch, 'no program in the shell reads its input');
        }
        break;
      case frames.CHANNEL.resize: {
        const size = frames.readSize(payload);
        if (size === null)
          from.send(frames.diagnosticFrame('RESIZE must be {"width": columns, "height": rows}.'));
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
      // Unknown channels are ignored.
    }
  }

  return {
    attach(next) {
      if (client) {
        const displaced = client;
        detach('Another client connected');
        displaced.close(CLOSE.displaced, 'another client has connected to this shell');
      }
      const { bytes, dropped } = pendingOutput.take();
      next.send(
        frames.confirmationFrame({ shellId, reconnected: wasAttached, bytesDropped: dropped }),
      );
      client = next;
      wasAttached = true;
      send(next, bytes);
      next.on('message', (data: Buffer, isBinary) => {
        if (client !== next) return;
        if (isBinary) handleFrame(next, data);
        else
          next.close(
            CLOSE.unsupported,
            'frames must be binary, and the first byte must be the channel',
          );
      });
      // ws closes the connection with the matching code if a frame is invalid, such as too long.
      next.on('error', () => {});
      next.once('close', (code) => {
        if (client === next) detach(`The client disconnected (${code})`);
      });
      return new Promise((resolve) => (onDetached = resolve));
    },
    end: () => terminal.hangUp(),
    ended,
  };
}
