import type { RawAnswer, RawEvent } from '../../../shared/chat/rawAnswer.ts';
import type { Frame } from '../../invocation/framing/frame.ts';
import { startOf } from '../../invocation/startOf.ts';

/** How many events of an answer are kept from its beginning, and how many from its end. */
const FIRST = 100;
const LAST = 200;

/** How many characters are kept of an event. */
const LONGEST = 2000;

/** What comes of one answer, as it comes. */
export interface RawLog {
  note(frame: Frame, at: number): void;
  read(): RawAnswer;
}

/** Keeps the beginning and the end of an answer, which may have no end. */
export function createRawLog(contentType: string): RawLog {
  const first: RawEvent[] = [];
  // A ring: where the next one goes once it is full.
  const last: RawEvent[] = [];
  let next = 0;
  let count = 0;
  let bytes = 0;

  return {
    note(frame, at) {
      const event = eventOf(frame, at);
      count += 1;
      bytes += event.bytes;
      if (first.length < FIRST) first.push(event);
      else if (last.length < LAST) last.push(event);
      else {
        last[next] = event;
        next = (next + 1) % LAST;
      }
    },
    read: () => ({
      contentType,
      first: [...first],
      leftOut: count - first.length - last.length,
      last: [...last.slice(next), ...last.slice(0, next)],
      bytes,
    }),
  };
}

function eventOf(frame: Frame, at: number): RawEvent {
  switch (frame.type) {
    case 'event': {
      const { name = null, data, cut } = frame;
      return { at, name, data: startOf(data, LONGEST), bytes: Buffer.byteLength(data) + cut };
    }
    case 'words':
      return {
        at,
        name: null,
        data: startOf(frame.text, LONGEST),
        bytes: Buffer.byteLength(frame.text),
      };
    case 'binary':
      return { at, name: null, data: '', bytes: frame.length };
  }
}
