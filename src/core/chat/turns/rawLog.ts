import type { RawAnswer, RawEvent, RawRequest } from '../../../shared/chat/rawAnswer.ts';
import { SESSION_HEADER, USER_HEADER, type SentRequest } from '../../agents/invocation.ts';
import type { Frame } from '../../invocation/framing/frame.ts';
import { copyPrefix } from '../../invocation/copyPrefix.ts';

/** Number of events kept from the start and the end of an answer. */
const FIRST = 100;
const LAST = 200;

/** Characters kept of an event. */
const LONGEST = 2000;

/** Characters kept of a payload. */
const LONGEST_PAYLOAD = 20_000;

/** Headers to keep. No others, since they may carry credentials. */
const KEPT_HEADERS = [
  'content-type',
  'accept',
  SESSION_HEADER,
  USER_HEADER,
  'mcp-session-id',
  'mcp-protocol-version',
  'a2a-version',
];

/** Records the request and the raw answer of a turn. */
export interface RawLog {
  recordRequest(sent: SentRequest): void;
  /** The answer starts. */
  recordContentType(contentType: string): void;
  recordFrame(frame: Frame, at: number): void;
  read(): RawAnswer;
}

/** Creates a log that keeps the start and the end of an answer, however long it is. */
export function createRawLog(): RawLog {
  let request: RawRequest | null = null;
  let contentType: string | null = null;
  const first: RawEvent[] = [];
  // A ring buffer.
  const last: RawEvent[] = [];
  let next = 0;
  let count = 0;
  let bytes = 0;

  return {
    recordRequest(sent) {
      request = toRawRequest(sent);
    },
    recordContentType(type) {
      contentType = type;
    },
    recordFrame(frame, at) {
      const event = toRawEvent(frame, at);
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
      request,
      contentType,
      first: [...first],
      leftOut: count - first.length - last.length,
      last: [...last.slice(next), ...last.slice(0, next)],
      bytes,
    }),
  };
}

function toRawRequest({ headers, payload }: SentRequest): RawRequest {
  return {
    headers: KEPT_HEADERS.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
    payload: copyPrefix(payload, LONGEST_PAYLOAD),
    leftOut: Math.max(0, payload.length - LONGEST_PAYLOAD),
    bytes: Buffer.byteLength(payload),
  };
}

function toRawEvent(frame: Frame, at: number): RawEvent {
  switch (frame.type) {
    case 'event': {
      const { name = null, data, cut } = frame;
      return { at, name, data: copyPrefix(data, LONGEST), bytes: Buffer.byteLength(data) + cut };
    }
    case 'text':
      return {
        at,
        name: null,
        data: copyPrefix(frame.text, LONGEST),
        bytes: Buffer.byteLength(frame.text),
      };
    case 'binary':
      return { at, name: null, data: '', bytes: frame.length };
  }
}
