import type { ModelReply } from '../../modelEvent.ts';
import type { ModelRequest } from '../../modelRequest.ts';

/** The settings of a model that continues one prompt. */
export type PromptSettings = Pick<ModelRequest, 'maxTokens' | 'temperature' | 'topP' | 'topK'> & {
  readonly stopSequences?: readonly string[];
};

/** Creates the request of a model that continues one prompt. */
export function createPromptRequest(
  model: string,
  prompt: string,
  { stopSequences = [], ...settings }: PromptSettings,
): ModelRequest {
  return {
    model,
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
    tools: [],
    toolChoice: { type: 'auto' },
    stopSequences,
    ...settings,
  };
}

/** Returns all text of a reply. */
export function replyText({ content }: ModelReply): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
