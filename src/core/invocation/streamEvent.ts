import type { AnswerPart } from './answer.ts';
import { prettyJson, textOf } from './text.ts';

/**
 * Reads one server-sent event of an agent. Both SDKs put JSON into its data, and both report a
 * failure in mid-stream as an event, because the status line has long been sent.
 */
export function readEvent({ event, data }: StreamEvent): AnswerPart | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Not JSON, so not by an SDK; but an answer all the same.
    return text(data);
  }
  const { error, error_type: errorType } = membersOf(value);
  if (event === 'error') {
    const message = typeof error === 'string' ? error : (textOf(value) ?? prettyJson(value));
    return { type: 'failure', failure: { name: 'Error in the stream', message } };
  }
  if (typeof error === 'string' && typeof errorType === 'string') {
    return { type: 'failure', failure: { name: errorType, message: error } };
  }
  const words = textOf(value);
  return words === undefined ? text(`${prettyJson(value)}\n`) : text(words);
}

/** A server-sent event, parsed. */
interface StreamEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

function text(words: string): AnswerPart | null {
  return words === '' ? null : { type: 'text', text: words };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
