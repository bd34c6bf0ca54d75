/** What a web socket's frames are held to. */
export interface FrameLimits {
  /** Bytes of a frame's payload. */
  readonly frame: number;
  /** Frames in a second. */
  readonly frames: number;
  /** Real milliseconds. */
  readonly now: () => number;
}

/** What was too much, with the code by which web sockets are closed for it. */
export interface FrameViolation {
  readonly code: number;
  readonly reason: string;
}

/** Follows the frames of one direction; their bytes pass as they come. */
export interface FrameCounter {
  /** What of these bytes may pass: all but a header that is not whole yet, or all before a breach. */
  push(bytes: Buffer): { readonly pass: Buffer; readonly breach: FrameViolation | null };
  /** Whether what has passed ends with a frame, so that another one may follow. */
  isBetweenFrames(): boolean;
}

const TOO_BIG = 1009;
const POLICY = 1008;
const NO_BYTES = Buffer.alloc(0);

/** No frame has come yet. */
export function createFrameCounter({ frame, frames, now }: FrameLimits): FrameCounter {
  let held: Buffer = NO_BYTES;
  let left = 0;
  let second = -Infinity;
  let inSecond = 0;

  function judge(length: number): FrameViolation | null {
    if (length > frame) {
      const reason = `a frame of ${length} bytes; AgentCore's limit is ${frame}`;
      return { code: TOO_BIG, reason };
    }
    if (now() - second >= 1_000) [second, inSecond] = [now(), 0];
    inSecond += 1;
    if (inSecond <= frames) return null;
    return { code: POLICY, reason: `more than ${frames} frames in a second, AgentCore's limit` };
  }

  return {
    push(bytes) {
      const data = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      held = NO_BYTES;
      let at = 0;
      while (at < data.length) {
        const passing = Math.min(left, data.length - at);
        left -= passing;
        at += passing;
        if (at === data.length) break;
        const header = readHeader(data, at);
        if (header === null) {
          held = data.subarray(at);
          break;
        }
        const breach = judge(header.length);
        if (breach) return { pass: data.subarray(0, at), breach };
        at += header.size;
        left = header.length;
      }
      return { pass: data.subarray(0, data.length - held.length), breach: null };
    },
    isBetweenFrames: () => left === 0,
  };
}

/** How long a frame's header is, and what follows it; null where it is not whole. */
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

/** The frame that closes a web socket; what a client sends is masked, here with nothing. */
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
