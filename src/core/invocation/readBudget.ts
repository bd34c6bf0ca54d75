import type { StreamEvent } from './answer.ts';
import type { Frame } from './framing/frame.ts';
import { formatCharacterCount } from './characterCount.ts';

/**
 * How many characters of events are read of one answer: enough for the million of words that is shown,
 * in events of a hundred characters for each. What readers remember of an answer cannot become more.
 */
const LONGEST_ANSWER = 100_000_000;

/** How much of an answer is read. */
export interface ReadBudget {
  /** Whether there is room for a frame; after the first for which there is none, for none. */
  admits(frame: Frame): boolean;
  /** Says what was not read, if there was such. */
  end(): StreamEvent[];
}

/** Words need none, as nothing of them is remembered, and of an event that is cut only the length is told. */
export function createReadBudget(): ReadBudget {
  let left = LONGEST_ANSWER;
  let unread = 0;

  return {
    admits(frame) {
      if (frame.type !== 'event' || frame.cut > 0) return true;
      const { length } = frame.data;
      const fits = unread === 0 && length <= left;
      if (fits) left -= length;
      else unread += length;
      return fits;
    },
    end() {
      const notRead = unread;
      // What follows is an answer of its own: on a line there are several, one after the other.
      [left, unread] = [LONGEST_ANSWER, 0];
      if (notRead === 0) return [];
      const text = `Of an answer no more than ${formatCharacterCount(LONGEST_ANSWER)} of events are read: ${formatCharacterCount(notRead)} at its end are not.`;
      return [{ type: 'notice', text }];
    },
  };
}
