import type { OutputChunk } from '../compute.ts';

/** Reads what an engine sends of a process in a container: frames of one stream each. */
export interface ExecFrameReader {
  add(bytes: Buffer): void;
  /** What came instead of a first line, such as the engine's own words. */
  unread(): string;
}

/** Which stream a frame is of, in the first of its eight bytes; its length is in the last four. */
const STREAMS: readonly (OutputChunk['stream'] | undefined)[] = [undefined, 'stdout', 'stderr'];
const HEAD_BYTES = 8;

/** The first line on standard error is apart from the rest. */
export function createFrameReader({
  onFirstLine,
  onOutput,
}: {
  onFirstLine: (line: string) => void;
  onOutput: (stream: OutputChunk['stream'], bytes: Uint8Array) => void;
}): ExecFrameReader {
  let head = Buffer.alloc(0);
  let stream: OutputChunk['stream'] = 'stdout';
  let left = 0;
  let firstLine: string | null = '';
  // The two streams come by pipes of their own, so standard output may be there first.
  const early: Buffer[] = [];

  function take(bytes: Buffer): void {
    if (firstLine === null) return onOutput(stream, bytes);
    if (stream === 'stdout') return void early.push(bytes);
    const end = bytes.indexOf('\n');
    firstLine += bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
    if (end < 0) return;
    onFirstLine(firstLine);
    firstLine = null;
    for (const before of early.splice(0)) onOutput('stdout', before);
    if (end + 1 < bytes.length) onOutput(stream, bytes.subarray(end + 1));
  }

  return {
    add(bytes) {
      let rest = bytes;
      while (rest.length > 0) {
        if (left === 0) {
          const missing = HEAD_BYTES - head.length;
          head = Buffer.concat([head, rest.subarray(0, missing)]);
          rest = rest.subarray(missing);
          if (head.length < HEAD_BYTES) return;
          stream = STREAMS[head[0]!] ?? 'stdout';
          left = head.readUInt32BE(4);
          head = Buffer.alloc(0);
        }
        const part = rest.subarray(0, left);
        left -= part.length;
        rest = rest.subarray(part.length);
        if (part.length > 0) take(part);
      }
    },
    unread: () => Buffer.concat(early).toString('utf8') + (firstLine ?? ''),
  };
}
