import type { StreamEvent } from './answer.ts';
import { dialects } from './dialects/dialects.ts';
import { asMembers, membersOf } from './json.ts';
import { prettyJson, textOf } from './text.ts';

/**
 * Reads the server-sent events of one answer. Both SDKs put JSON into their data, and both report a
 * failure in mid-stream as an event, because the status line has long been sent.
 */
export function createEventReader(): (event: ServerSentEvent) => StreamEvent[] {
  const spoken = dialects.map((create) => create());
  return ({ event, data }) => {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      // Not JSON, so not by an SDK; but an answer all the same.
      return text(data);
    }
    const members = asMembers(value);
    for (const dialect of members ? spoken : []) {
      const events = dialect.read(members!, event);
      if (events) return events;
    }
    return readWords(value, event);
  };
}

function readWords(value: unknown, event: string | undefined): StreamEvent[] {
  const { error, error_type: errorType } = membersOf(value);
  if (event === 'error') {
    const message = typeof error === 'string' ? error : (textOf(value) ?? prettyJson(value));
    return [{ type: 'failure', failure: { name: 'Error in the stream', message } }];
  }
  if (typeof error === 'string' && typeof errorType === 'string') {
    return [{ type: 'failure', failure: { name: errorType, message: error } }];
  }
  const words = textOf(value);
  return words === undefined ? text(`${prettyJson(value)}\n`) : text(words);
}

/** A server-sent event, parsed. */
interface ServerSentEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

function text(words: string): StreamEvent[] {
  return words === '' ? [] : [{ type: 'text', text: words }];
}
