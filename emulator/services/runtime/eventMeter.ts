/** Observes the bytes of a stream and reports an event that exceeds the limit. */
export type EventMeter = (bytes: Buffer) => void;

const SEPARATORS = ['\n\n', '\r\n\r\n', '\r\r'];
const MAX_SEPARATOR_LENGTH = 4;

/** Measures server-sent events, which an empty line separates. */
export function createEventMeter(limit: number, onExceeded: () => void): EventMeter {
  let length = 0;
  let tail: Buffer = Buffer.alloc(0);
  return (bytes) => {
    // A separator may be split between two chunks.
    const boundary = Buffer.concat([tail, bytes.subarray(0, MAX_SEPARATOR_LENGTH)]);
    const endAtBoundary = findLastEventEnd(boundary) - tail.length;
    const end = Math.max(findLastEventEnd(bytes), endAtBoundary);
    length = end >= 0 ? bytes.length - end : length + bytes.length;
    tail = Buffer.concat([tail, bytes.subarray(-MAX_SEPARATOR_LENGTH)]).subarray(
      -(MAX_SEPARATOR_LENGTH - 1),
    );
    if (length > limit) onExceeded();
  };
}

/** Offset after the last complete event in these bytes; negative if there is none. */
function findLastEventEnd(bytes: Buffer): number {
  const ends = SEPARATORS.map((separator) => {
    const at = bytes.lastIndexOf(separator, undefined, 'latin1');
    return at < 0 ? -Infinity : at + separator.length;
  });
  return Math.max(...ends);
}
