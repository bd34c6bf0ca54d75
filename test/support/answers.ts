import { readAnswer } from '../../src/core/invocation/answerReader.ts';
import type { ContentEvent } from '../../src/core/invocation/answer.ts';
import { applyAnswerEvent } from '../../src/shared/chat/applyAnswerEvent.ts';
import type { Part } from '../../src/shared/chat/answer.ts';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { exampleTurn } from './chatState.ts';

/** Reads the events of an answer that arrives in the given pieces. Adjacent texts are merged. */
export async function readEvents(
  contentType: string,
  ...pieces: (string | Uint8Array)[]
): Promise<ContentEvent[]> {
  async function* body() {
    for (const piece of pieces) {
      yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    }
  }
  const events: ContentEvent[] = [];
  for await (const event of readAnswer({ contentType, body: body() })) {
    const last = events.at(-1);
    if ((event.type === 'text' || event.type === 'thinking') && last?.type === event.type) {
      events[events.length - 1] = { ...event, text: last.text + event.text };
    } else if (event.type === 'toolInput' && last?.type === 'toolInput' && last.id === event.id) {
      events[events.length - 1] = { ...event, json: last.json + event.json };
    } else events.push(event);
  }
  return events;
}

/** Applies events to an empty turn. The events must be in a valid order. */
export function applyEvents(events: readonly ContentEvent[]): Pick<Turn, 'parts' | 'usage'> {
  return events.reduce(
    (turn, event) => (event.type === 'failure' ? turn : applyAnswerEvent(turn, event, 0)),
    exampleTurn(),
  );
}

/** Formats a part as one line. */
export function formatPart(part: Part): string {
  if (part.type === 'data') return `data: ${part.json}`;
  if (part.type !== 'tool') return `${part.type}: ${part.text}`;
  const { name, input, result } = part;
  const outcome = result === null ? '…' : `${result.failed ? 'failed: ' : ''}${result.text}`;
  return `${name} ${JSON.stringify(JSON.parse(input || '{}'))} → ${outcome}`;
}

/** Splits bytes at the given offsets. */
export function splitBytes(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted(
    (a, b) => a - b,
  );
  return [...sorted, bytes.length].map((end, index) =>
    bytes.subarray(index === 0 ? 0 : sorted[index - 1], end),
  );
}

/** Formats an event as one line: text as it is, other events with their type. */
export function formatEvent(event: ContentEvent): string {
  switch (event.type) {
    case 'text':
      return event.text;
    case 'data':
      return event.json;
    case 'failure':
      return `${event.failure.name}! ${event.failure.message}`;
    case 'thinking':
    case 'guardrail':
    case 'notice':
      return `${event.type}: ${event.text}`;
    case 'tool':
      return `${event.id} = ${event.name}`;
    case 'toolInput':
      return `${event.id} < ${event.json}`;
    case 'toolResult':
      return `${event.id} > ${event.result.failed ? 'failed: ' : ''}${event.result.text}`;
    case 'waiting':
      return `waiting: ${event.task?.id ?? 'nothing'}`;
    case 'usage':
      return `usage: ${JSON.stringify(event.usage)}`;
  }
}

/** Formats values as server-sent events. */
export const formatEventStream = (...values: unknown[]) =>
  values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('');

/** Formats values as JSON Lines. */
export const formatJsonLines = (...values: unknown[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Content types of the two formats. */
export const EVENTS = 'text/event-stream';
export const LINES = 'application/x-ndjson';
