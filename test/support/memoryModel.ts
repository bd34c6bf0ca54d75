import type { ServerResponse } from 'node:http';
import { sendEvents, useModelServer, type ReceivedRequest } from './modelServer.ts';

/** A prompt that an OpenAI-compatible server received. */
export interface ReceivedPrompt {
  readonly model: string;
  readonly instructions: string;
  readonly text: string;
  /** The response to send instead of a reply. */
  readonly response: ServerResponse;
}

/** Reads a request for a chat completion. */
function readPrompt({ body }: ReceivedRequest, response: ServerResponse): ReceivedPrompt {
  const { model, messages } = body as {
    model: string;
    messages: { role: string; content: string | { text: string }[] }[];
  };
  const textOf = (role: string) => {
    const content = messages.find((message) => message.role === role)?.content ?? '';
    return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
  };
  return { model, instructions: textOf('system'), text: textOf('user'), response };
}

/** Sends a chat completion with this text. */
export function sendCompletion(response: ServerResponse, text: string): void {
  const chunk = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' };
  sendEvents(response, [
    { ...chunk, choices: [{ index: 0, delta: { content: text }, finish_reason: null }] },
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { ...chunk, choices: [], usage: { prompt_tokens: 210, completion_tokens: 35 } },
  ]);
}

/** Starts an OpenAI-compatible server. `reply` returns a JSON document, or null if it has responded. */
export async function useExtractionServer(reply: (prompt: ReceivedPrompt) => object | null) {
  const prompts: ReceivedPrompt[] = [];
  const server = await useModelServer((request, response) => {
    const prompt = readPrompt(request, response);
    prompts.push(prompt);
    const document = reply(prompt);
    if (document) sendCompletion(response, JSON.stringify(document));
  });
  return { ...server, prompts };
}
