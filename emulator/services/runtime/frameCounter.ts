/** Limits on the frames of a WebSocket. */
export interface FrameLimits {
  /** Bytes of a frame's payload. */
  readonly frame: number;
  /** Frames per second. */
  readonly frames: number;
  /** Real time in milliseconds. */
  readonly now: () => number;
}

/** A violation of a limit, as the code and reason of a close frame. */
export interface FrameViolation {
  readonly code: number;
  readonly reason: string;
}

/** Tracks the frames of one direction while their bytes pass through. */
export interface FrameCounter {
  /** Returns the bytes that may pass: all except an incomplete header, or all before a violation. */
  push(bytes: Buffer): { readonly pass: Buffer; readonly violation: FrameViolation | null };
  /** True if the passed bytes end with a complete frame, so that another one may follow. */
  isBetweenFrames(): boolean;
}

const TOO_BIG = 1009;
const POLICY = 1008;
const NO_BYTES = Buffer.alloc(0);

/** Creates a counter at the start of a connection. */
export function createFrameCounter({ frame, frames, now }: FrameLimits): FrameCounter {
  let incomplete: Buffer = NO_BYTES;
  let remaining = 0;
  let second = -Infinity;
  let inSecond = 0;

  function checkFrame(length: number): FrameViolation | null {
    if (length > frame) {
      const reason = `exceeded AgentCore's limit of ${frame} bytes for a frame (${length} bytes)`;
      return { code: TOO_BIG, reason };
    }
    if (now() - second >= 1_000) [second, inSecond] = [now(), 0];
    inSecond += 1;
    if (inSecond <= frames) return null;
    return { code: POLICY, reason: `exceeded AgentCore's limit of ${frames} frames per second` };
  }

  return {
    push(bytes) {
      const data = incomplete.length === 0 ? bytes : Buffer.concat([incomplete, bytes]);
      incomplete = NO_BYTES;
      let at = 0;
      while (at < data.length) {
        const passing = Math.min(remaining, data.length - at);
        remaining -= passing;
        at += passing;
        if (at === data.length) break;
        const header = readHeader(data, at);
        if (header === null) {
          incomplete = data.subarray(at);
          break;
        }
        const violation = checkFrame(header.length);
        if (violation) return { pass: data.subarray(0, at), violation };
        at += header.size;
        remaining = header.length;
      }
      return { pass: data.subarray(0, data.length - incomplete.length), violation: null };
    },
    isBetweenFrames: () => remaining === 0,
  };
}

/** Parses the size of a frame's header and the length of its payload; null if it is incomplete. */
function readHeader(data: Buffer, at: number): { size: number; length: number } | null {
  const lengths = data[at + 1];
  if (lengths === undefined) return null;
  const short = lengths & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const size = 2 + extended + (lengths & 0x80 ? 4 : 0);
  if (at + size > data.length) return null;
  if (extended === 0) return { size, length: short };
  const length = extended === 2 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
  return { size, length };
}

/** Builds a close frame. Frames to a server must be masked; this one uses a mask of zeros. */
export function closeFrame(
  { code, reason }: FrameViolation,
  { masked }: { masked: boolean },
): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  const header = Buffer.from([0x88, payload.length | (masked ? 0x80 : 0)]);
  return Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), payload]);
}
