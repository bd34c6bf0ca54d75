import { Readable } from 'node:stream';
import type { OutputChunk } from './compute.ts';

/** Chunks that are buffered for a slow reader before the source is paused. */
const WAITING_CHUNKS = 4;

/** Output may still arrive this long after the command has ended. */
const DRAIN_MILLISECONDS = 500;

/** No operating system buffers more unread output than this. */
const DRAIN_BYTES = 2 ** 20;

/** The output of a command, with backpressure. */
export interface CommandOutput {
  readonly chunks: AsyncIterable<OutputChunk>;
  add(stream: OutputChunk['stream'], bytes: Uint8Array): void;
  /** The command has ended. Background processes may still hold its output open and print. */
  finish(): void;
  /** Ends the output; later bytes are dropped. */
  end(): void;
}

/** Creates the output of a command. The source is paused while the reader is slow. */
export function createCommandOutput(source: {
  readonly pause: () => void;
  readonly resume: () => void;
}): CommandOutput {
  let ended = false;
  let isPaused = false;
  let wasPausedRecently = false;
  let remainingBytes = Infinity;
  let drainTimer: NodeJS.Timeout | undefined;

  const chunks = new Readable({
    objectMode: true,
    highWaterMark: WAITING_CHUNKS,
    read() {
      isPaused = false;
      source.resume();
    },
  });

  function end(): void {
    if (ended) return;
    ended = true;
    clearInterval(drainTimer);
    chunks.push(null);
    // Keep draining, so that background processes do not block on a full pipe.
    source.resume();
  }

  return {
    chunks,
    add(stream, bytes) {
      if (ended) return;
      remainingBytes -= bytes.length;
      if (!chunks.push({ stream, bytes })) {
        isPaused = wasPausedRecently = true;
        source.pause();
      }
      if (remainingBytes < 0) end();
    },
    finish() {
      remainingBytes = DRAIN_BYTES;
      wasPausedRecently = isPaused;
      drainTimer = setInterval(() => {
        // A slow reader gets the time that it needs.
        if (!wasPausedRecently) end();
        wasPausedRecently = isPaused;
      }, DRAIN_MILLISECONDS).unref();
    },
    end,
  };
}
