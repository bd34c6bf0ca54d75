import { Readable } from 'node:stream';
import type { OutputChunk } from './compute.ts';

/** How many chunks may wait for a slow reader before the command has to. */
const WAITING_CHUNKS = 4;

/** How long what a command has printed may be on its way to us when it has ended. */
const REST_MILLISECONDS = 500;

/** More than this no system holds of what was printed and not read. */
const REST_BYTES = 2 ** 20;

/** What a command prints, on its way to whoever reads it. */
export interface CommandOutput {
  readonly chunks: AsyncIterable<OutputChunk>;
  add(stream: OutputChunk['stream'], bytes: Uint8Array): void;
  /** The command is over: something that it left running may still hold its output open, and print. */
  finish(): void;
  /** What comes after this is nobody's. */
  end(): void;
}

/** Holds back where the output comes from while nobody takes it. */
export function createCommandOutput(source: {
  readonly pause: () => void;
  readonly resume: () => void;
}): CommandOutput {
  let ended = false;
  let held = false;
  let heldLately = false;
  let rest = Infinity;
  let look: NodeJS.Timeout | undefined;

  const chunks = new Readable({
    objectMode: true,
    highWaterMark: WAITING_CHUNKS,
    read() {
      held = false;
      source.resume();
    },
  });

  function end(): void {
    if (ended) return;
    ended = true;
    clearInterval(look);
    chunks.push(null);
    // Read on all the same, or what still prints would stand still at a full pipe.
    source.resume();
  }

  return {
    chunks,
    add(stream, bytes) {
      if (ended) return;
      rest -= bytes.length;
      if (!chunks.push({ stream, bytes })) {
        held = heldLately = true;
        source.pause();
      }
      if (rest < 0) end();
    },
    finish() {
      rest = REST_BYTES;
      heldLately = held;
      look = setInterval(() => {
        // A slow reader has the time that it needs.
        if (!heldLately) end();
        heldLately = held;
      }, REST_MILLISECONDS).unref();
    },
    end,
  };
}
