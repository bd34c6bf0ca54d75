import type { ModelEvent, StopReason } from '../../modelEvent.ts';
import { readNumber, readText } from './modelBody.ts';
import type { TextFamily } from './modelFamily.ts';
import { createPromptRequest, replyText } from './promptRequest.ts';

/** Meta's Llama: a prompt and its continuation. */
export const llama: TextFamily = {
  kind: 'text',
  readRequest: (body, model) =>
    createPromptRequest(model, readText(body, 'prompt'), {
      maxTokens: readNumber(body, 'max_gen_len'),
      temperature: readNumber(body, 'temperature'),
      topP: readNumber(body, 'top_p'),
    }),
  writeReply: (reply) => ({
    generation: replyText(reply),
    prompt_token_count: reply.end.usage.inputTokens,
    generation_token_count: reply.end.usage.outputTokens,
    stop_reason: stopReason(reply.end.stopReason),
  }),
  async *writeEvents(events: AsyncIterable<ModelEvent>) {
    // Only the first chunk has the size of the prompt.
    let promptTokens: number | null = null;
    let generated = 0;
    for await (const event of events) {
      if (event.type === 'start') promptTokens = event.usage.inputTokens;
      if (event.type === 'text') {
        generated += 1;
        yield chunk(event.text, promptTokens, generated, null);
        promptTokens = null;
      }
      if (event.type === 'end') {
        yield chunk('', promptTokens, event.usage.outputTokens, stopReason(event.stopReason));
      }
    }
  },
};

function chunk(
  generation: string,
  promptTokens: number | null,
  generatedTokens: number,
  reason: string | null,
): object {
  return {
    generation,
    prompt_token_count: promptTokens,
    generation_token_count: generatedTokens,
    stop_reason: reason,
  };
}

function stopReason(reason: StopReason): string {
  return reason === 'maxTokens' ? 'length' : 'stop';
}
