import { createParser } from 'eventsource-parser';
import type { Failure } from '../../shared/chat.ts';
import type { Answer, AnswerPart } from './answer.ts';
import { readEvent } from './streamEvent.ts';
import { prettyJson, textOf } from './text.ts';

/** Turns an answer's bytes, however they are cut, into what a person is shown. */
interface AnswerReader {
  push(bytes: Uint8Array): AnswerPart[];
  /** The answer is complete: what was waiting for more comes out. */
  end(): AnswerPart[];
}

/** Reads an answer to its end or to the failure inside it, whichever comes first. */
export async function* readAnswer({ contentType, body }: Answer): AsyncGenerator<AnswerPart> {
  const reader = createAnswerReader(contentType);
  for await (const bytes of body) {
    for (const part of reader.push(bytes)) {
      yield part;
      if (part.type === 'failure') return;
    }
  }
  for (const part of reader.end()) {
    yield part;
    if (part.type === 'failure') return;
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
  let parts: AnswerPart[] = [];
  const parser = createParser({
    onEvent(event) {
      const part = readEvent(event);
      if (part) parts.push(part);
    },
  });
  function feed(text: string): AnswerPart[] {
    parts = [];
    parser.feed(text);
    return parts;
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

function readJson(json: string): AnswerPart[] {
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

function text(words: string): AnswerPart[] {
  return words === '' ? [] : [{ type: 'text', text: words }];
}
