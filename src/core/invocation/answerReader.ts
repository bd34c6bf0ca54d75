import { createParser } from 'eventsource-parser';
import type { Failure } from '../../shared/chat.ts';
import type { Answer, StreamEvent } from './answer.ts';
import { createEventReader } from './streamEvent.ts';
import { prettyJson, textOf } from './text.ts';

/** Turns an answer's bytes, however they are cut, into what they say. */
interface AnswerReader {
  push(bytes: Uint8Array): StreamEvent[];
  /** The answer is complete: what was waiting for more comes out. */
  end(): StreamEvent[];
}

/** Reads an answer to its end or to the failure inside it, whichever comes first. */
export async function* readAnswer({ contentType, body }: Answer): AsyncGenerator<StreamEvent> {
  const reader = createAnswerReader(contentType);
  for await (const bytes of body) {
    for (const event of reader.push(bytes)) {
      yield event;
      if (event.type === 'failure') return;
    }
  }
  for (const event of reader.end()) {
    yield event;
    if (event.type === 'failure') return;
  }
}

function createAnswerReader(contentType: string): AnswerReader {
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (mediaType === 'text/event-stream') return eventReader();
  if (/^application\/(?:.+\+)?json$/.test(mediaType)) return jsonReader();
  return textReader();
}

function eventReader(): AnswerReader {
  const decoder = new TextDecoder();
  const readEvent = createEventReader();
  let events: StreamEvent[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(...readEvent(event)) });
  function feed(text: string): StreamEvent[] {
    events = [];
    parser.feed(text);
    return events;
  }
  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    // An agent that forgets the last blank line has still said what it said.
    end: () => feed(`${decoder.decode()}\n\n`),
  };
}

function jsonReader(): AnswerReader {
  const decoder = new TextDecoder();
  let json = '';
  return {
    push(bytes) {
      json += decoder.decode(bytes, { stream: true });
      return [];
    },
    end() {
      json += decoder.decode();
      return readJson(json);
    },
  };
}

function readJson(json: string): StreamEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return text(json);
  }
  const failure = jsonRpcFailure(value);
  return failure ? [{ type: 'failure', failure }] : text(textOf(value) ?? prettyJson(value));
}

/** What an agent of MCP or A2A refuses, or AgentCore in its place, with status 200 or not. */
function jsonRpcFailure(value: unknown): Failure | null {
  const { jsonrpc, error } = (value ?? {}) as { jsonrpc?: unknown; error?: JsonRpcError | null };
  if (jsonrpc !== '2.0' || typeof error?.message !== 'string') return null;
  return { name: `JSON-RPC error ${error.code}`, message: error.message };
}

interface JsonRpcError {
  readonly code?: number;
  readonly message?: string;
}

function textReader(): AnswerReader {
  const decoder = new TextDecoder();
  return {
    push: (bytes) => text(decoder.decode(bytes, { stream: true })),
    end: () => text(decoder.decode()),
  };
}

function text(words: string): StreamEvent[] {
  return words === '' ? [] : [{ type: 'text', text: words }];
}
