import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { ModelCalls } from '../modelCalls.ts';
import { toModelError } from '../modelError.ts';
import { collectReply, type ModelEvent } from '../modelEvent.ts';
import type { ModelEndpoint } from '../protocolRoute.ts';
import { writeServerSentEvent } from '../serverSentEvent.ts';
import { writeChatEvents, writeChatReply, type ChatReplyInfo } from './chatReply.ts';
import { readChatRequest } from './chatRequest.ts';
import { writeOpenaiError } from './openaiError.ts';

/** Creates the endpoint of chat completions. */
export function createChatEndpoint(calls: ModelCalls, clock: Pick<Clock, 'now'>): ModelEndpoint {
  return {
    operation: 'openai chat completions',
    async handle({ body }, call) {
      const request = readChatRequest(body);
      const options = body['stream_options'] as { include_usage?: boolean } | null | undefined;
      const info = {
        id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
        model: request.model,
        created: Math.floor(clock.now() / 1000),
        includeUsage: options?.include_usage,
      };
      const events = await calls.invoke(call, request);
      return body['stream'] === true
        ? { events: writeStream(events, info) }
        : { json: writeChatReply(await collectReply(events), info) };
    },
  };
}

async function* writeStream(
  events: AsyncIterable<ModelEvent>,
  info: ChatReplyInfo,
): AsyncGenerator<string> {
  try {
    for await (const chunk of writeChatEvents(events, info)) yield writeServerSentEvent(chunk);
  } catch (error) {
    yield writeServerSentEvent(writeOpenaiError(toModelError(error)));
  }
  yield 'data: [DONE]\n\n';
}
