import { ModelError } from '../../modelError.ts';
import type { ModelEvent, StopReason } from '../../modelEvent.ts';
import { readNumber, readText, readTexts } from './modelBody.ts';
import type { TextFamily } from './modelFamily.ts';
import { createPromptRequest, replyText } from './promptRequest.ts';

/** Mistral's text completion: a prompt and its continuation. */
export const mistral: TextFamily = {
  kind: 'text',
  readRequest(body, model) {
    if (body['messages'] !== undefined) {
      throw new ModelError(
        'notEmulated',
        'Chat completions of Mistral are not emulated for InvokeModel. Use Converse, or send a prompt.',
      );
    }
    return createPromptRequest(model, readText(body, 'prompt'), {
      maxTokens: readNumber(body, 'max_tokens'),
      temperature: readNumber(body, 'temperature'),
      topP: readNumber(body, 'top_p'),
      topK: readNumber(body, 'top_k'),
      stopSequences: readTexts(body, 'stop'),
    });
  },
  writeReply: (reply) => output(replyText(reply), reply.end.stopReason),
  async *writeEvents(events: AsyncIterable<ModelEvent>) {
    for await (const event of events) {
      if (event.type === 'text') yield output(event.text, null);
      if (event.type === 'end') yield output('', event.stopReason);
    }
  },
};

function output(text: string, reason: StopReason | null): object {
  const stopReason = reason === 'maxTokens' ? 'length' : 'stop';
  return { outputs: [{ text, stop_reason: reason && stopReason }] };
}
