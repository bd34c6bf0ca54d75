import type { ModelEvent, StopReason } from '../../modelEvent.ts';
import { readNumber, readObject, readText, readTexts } from './modelBody.ts';
import type { TextFamily } from './modelFamily.ts';
import { createPromptRequest, replyText } from './promptRequest.ts';

/** Amazon Titan Text: a text and its continuation. */
export const titanText: TextFamily = {
  kind: 'text',
  readRequest(body, model) {
    const config = readObject(body, 'textGenerationConfig');
    return createPromptRequest(model, readText(body, 'inputText'), {
      maxTokens: readNumber(config, 'maxTokenCount'),
      temperature: readNumber(config, 'temperature'),
      topP: readNumber(config, 'topP'),
      stopSequences: readTexts(config, 'stopSequences'),
    });
  },
  writeReply: (reply) => ({
    inputTextTokenCount: reply.end.usage.inputTokens,
    results: [
      {
        tokenCount: reply.end.usage.outputTokens,
        outputText: replyText(reply),
        completionReason: completionReason(reply.end.stopReason),
      },
    ],
  }),
  async *writeEvents(events: AsyncIterable<ModelEvent>) {
    let inputTokens = 0;
    for await (const event of events) {
      if (event.type === 'start') ({ inputTokens } = event.usage);
      if (event.type === 'text') yield chunk(event.text, inputTokens, null, null);
      if (event.type === 'end') {
        const { inputTokens: prompt, outputTokens } = event.usage;
        yield chunk('', prompt, outputTokens, completionReason(event.stopReason));
      }
    }
  },
};

function chunk(
  outputText: string,
  inputTokens: number,
  outputTokens: number | null,
  reason: string | null,
): object {
  return {
    outputText,
    index: 0,
    totalOutputTextTokenCount: outputTokens,
    completionReason: reason,
    inputTextTokenCount: inputTokens,
  };
}

function completionReason(reason: StopReason): string {
  if (reason === 'maxTokens') return 'LENGTH';
  if (reason === 'contentFiltered' || reason === 'guardrail') return 'CONTENT_FILTERED';
  return 'FINISH';
}
