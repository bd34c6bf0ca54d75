/** AWS's limit on the output that is kept for a client that reconnects. */
const MAX_BYTES = 256 * 1024;

/** The latest output of a shell while no client is connected. */
export interface PendingOutput {
  add(bytes: Uint8Array): void;
  /** Removes and returns the output, with the number of bytes that were dropped. */
  take(): { readonly bytes: Uint8Array; readonly dropped: number };
}

/** Creates an empty buffer. */
export function createPendingOutput(): PendingOutput {
  let chunks: Uint8Array[] = [];
  let length = 0;
  let dropped = 0;
  return {
    add(bytes) {
      chunks.push(bytes);
      length += bytes.length;
      while (length > MAX_BYTES) {
        const [oldest] = chunks;
        const excess = Math.min(length - MAX_BYTES, oldest!.length);
        if (excess === oldest!.length) chunks.shift();
        else chunks[0] = oldest!.subarray(excess);
        length -= excess;
        dropped += excess;
      }
    },
    take() {
      const taken = { bytes: Buffer.concat(chunks), dropped };
      chunks = [];
      length = dropped = 0;
      return taken;
    },
  };
}
