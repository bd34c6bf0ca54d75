import type { OutputChunk } from '../compute.ts';

/** Reads an engine's multiplexed stream: frames of stdout or stderr. */
export interface ExecFrameReader {
  add(bytes: Buffer): void;
  /** Text that arrived instead of a first line, such as the engine's error message. */
  unparsed(): string;
}

/** Streams by the first byte of a frame's eight-byte header. The last four bytes are the length. */
const STREAMS: readonly (OutputChunk['stream'] | undefined)[] = [undefined, 'stdout', 'stderr'];
const HEADER_BYTES = 8;

/** Separates the first line on stderr from the rest. */
export function createFrameReader({
  onFirstLine,
  onOutput,
}: {
  onFirstLine: (line: string) => void;
  onOutput: (stream: OutputChunk['stream'], bytes: Uint8Array) => void;
}): ExecFrameReader {
  let header = Buffer.alloc(0);
  let stream: OutputChunk['stream'] = 'stdout';
  let remaining = 0;
  let firstLine: string | null = '';
  // The streams use separate pipes, so stdout may arrive before the first line.
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
        if (remaining === 0) {
          const missing = HEADER_BYTES - header.length;
          header = Buffer.concat([header, rest.subarray(0, missing)]);
          rest = rest.subarray(missing);
          if (header.length < HEADER_BYTES) return;
          stream = STREAMS[header[0]!] ?? 'stdout';
          remaining = header.readUInt32BE(4);
          header = Buffer.alloc(0);
        }
        const part = rest.subarray(0, remaining);
        remaining -= part.length;
        rest = rest.subarray(part.length);
        if (part.length > 0) take(part);
      }
    },
    unparsed: () => Buffer.concat(early).toString('utf8') + (firstLine ?? ''),
  };
}
