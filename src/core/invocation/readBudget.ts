import type { StreamEvent } from './answer.ts';
import type { Frame } from './framing/frame.ts';
import { formatCharacterCount } from './characterCount.ts';

/**
 * Characters of events that are read of one answer: enough to show a million characters in events of
 * a hundred characters each. It bounds the memory of the readers.
 */
const MAX_ANSWER_LENGTH = 100_000_000;

/** Limits how much of an answer is read. */
export interface ReadBudget {
  /** True if the frame fits. No frame fits after the first that did not. */
  admits(frame: Frame): boolean;
  /** Ends the answer; returns a notice if some of it was not read. */
  end(): StreamEvent[];
}

/** Creates the budget of one answer. Text and cut events are free, because readers do not keep them. */
export function createReadBudget(): ReadBudget {
  let left = MAX_ANSWER_LENGTH;
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
      // A WebSocket carries several answers, one after the other.
      [left, unread] = [MAX_ANSWER_LENGTH, 0];
      if (notRead === 0) return [];
      const text = `The answer exceeds ${formatCharacterCount(MAX_ANSWER_LENGTH)} of events. The last ${formatCharacterCount(notRead)} were not read.`;
      return [{ type: 'notice', text }];
    },
  };
}
