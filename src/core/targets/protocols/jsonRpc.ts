import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import type { Answer } from '../../invocation/answer.ts';
import { readBody } from './body.ts';

const response = z.object({
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});

/** An error response. */
class JsonRpcError extends Error {
  constructor(code: number, message: string) {
    super(message);
    this.name = `JSON-RPC error ${code}`;
  }
}

/** Reads the result of a request from a JSON or event-stream response; throws the server's error. */
export async function readResult(answer: Answer, id: string): Promise<unknown> {
  for (const message of parseMessages(answer.contentType, await readBody(answer.body))) {
    const { data } = response.safeParse(message);
    if (data?.error) throw new JsonRpcError(data.error.code, data.error.message);
    if (data?.id === id) return data.result;
  }
  throw new Error(
    `The server returned no response to '${id}' (content type ${answer.contentType}).`,
  );
}

function parseMessages(contentType: string, body: string): unknown[] {
  if (!contentType.startsWith('text/event-stream')) return [parse(body)];
  const messages: unknown[] = [];
  const parser = createParser({ onEvent: ({ data }) => void messages.push(parse(data)) });
  parser.feed(`${body}\n\n`);
  return messages;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
