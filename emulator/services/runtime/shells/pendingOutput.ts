/** As much of a shell's output is kept as AWS keeps for who comes back. */
const MAX_BYTES = 256 * 1024;

/** What a shell shows while nobody is connected: the last of it. */
export interface PendingOutput {
  add(bytes: Uint8Array): void;
  /** All that is kept, and how much is lost; nothing is kept after that. */
  take(): { readonly bytes: Uint8Array; readonly dropped: number };
}

/** Nothing yet. */
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
