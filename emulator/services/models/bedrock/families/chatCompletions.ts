import { randomBytes } from 'node:crypto';
import { writeChatEvents, writeChatReply } from '../../openai/chatReply.ts';
import { readChatRequest } from '../../openai/chatRequest.ts';
import type { TextFamily } from './modelFamily.ts';

/** OpenAI's models and others with the body of its chat completions. */
export const chatCompletions: TextFamily = {
  kind: 'text',
  readRequest: (body, model) => readChatRequest(body, model),
  writeReply: (reply, model) => writeChatReply(reply, createInfo(model)),
  writeEvents: (events, model) =>
    writeChatEvents(events, { ...createInfo(model), includeUsage: true }),
};

function createInfo(model: string) {
  const id = `chatcmpl-${randomBytes(12).toString('hex')}`;
  return { id, model, created: Math.floor(Date.now() / 1000) };
}
