/** Sees a stream's bytes go by, and says when an event of it is longer than it may be. */
export type EventMeter = (bytes: Buffer) => void;

const SEPARATORS = ['\n\n', '\r\n\r\n', '\r\r'];
const MAX_SEPARATOR_LENGTH = 4;

/** Measures server-sent events, which end with an empty line. */
export function createEventMeter(limit: number, exceeded: () => void): EventMeter {
  let length = 0;
  let last: Buffer = Buffer.alloc(0);
  return (bytes) => {
    // An end may come in two pieces.
    const seam = Buffer.concat([last, bytes.subarray(0, MAX_SEPARATOR_LENGTH)]);
    const inSeam = findLastEventEnd(seam) - last.length;
    const end = Math.max(findLastEventEnd(bytes), inSeam);
    length = end >= 0 ? bytes.length - end : length + bytes.length;
    last = Buffer.concat([last, bytes.subarray(-MAX_SEPARATOR_LENGTH)]).subarray(
      -(MAX_SEPARATOR_LENGTH - 1),
    );
    if (length > limit) exceeded();
  };
}

/** Where the last event that ends in these bytes does so; negative where none does. */
function findLastEventEnd(bytes: Buffer): number {
  const ends = SEPARATORS.map((end) => {
    const at = bytes.lastIndexOf(end, undefined, 'latin1');
    return at < 0 ? -Infinity : at + end.length;
  });
  return Math.max(...ends);
}
