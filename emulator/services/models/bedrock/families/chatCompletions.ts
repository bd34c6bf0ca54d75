import { randomBytes } from 'node:crypto';
import { writeChatEvents, writeChatReply } from '../../openai/chatReply.ts';
import { readChatRequest } from '../../openai/chatRequest.ts';
import type { FamilyReplyInfo, TextFamily } from './modelFamily.ts';

/** OpenAI's models, and others whose body is that of chat completions. */
export const chatCompletions: TextFamily = {
  kind: 'text',
  readRequest: (body, model) => readChatRequest(body, model),
  writeReply: (reply, info) => writeChatReply(reply, createInfo(info)),
  writeEvents: (events, info) =>
    writeChatEvents(events, { ...createInfo(info), includeUsage: true }),
};

function createInfo({ model, time }: FamilyReplyInfo) {
  const id = `chatcmpl-${randomBytes(12).toString('hex')}`;
  return { id, model, created: Math.floor(time / 1000) };
}
