import type { ModelBackend } from '../modelBackend.ts';
import type { ModelEvent } from '../modelEvent.ts';
import { ModelError } from '../modelError.ts';
import { estimateTokens } from './tokenEstimate.ts';
import type { ModelRequest } from '../modelRequest.ts';

/** Creates the built-in model: deterministic, and without a network. */
export function createOfflineBackend(): ModelBackend {
  return {
    async *invoke(request): AsyncGenerator<ModelEvent> {
      const inputTokens = estimateTokens(request);
      yield { type: 'start', usage: { inputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 } };
      const text = reply(request);
      yield { type: 'blockStart', block: { type: 'text' } };
      for (const word of text.match(/\S+\s*/g) ?? []) yield { type: 'text', text: word };
      yield { type: 'blockStop' };
      yield {
        type: 'end',
        stopReason: 'endTurn',
        usage: {
          inputTokens,
          outputTokens: Math.ceil(text.length / 4),
          cacheReadTokens: 0,
          cacheWriteTokens: 0,
        },
      };
    },
    countTokens: async (request) => estimateTokens(request),
    embed: async () => {
      throw new ModelError('notEmulated', 'Embeddings are not emulated.');
    },
  };
}

function reply({ messages }: ModelRequest): string {
  const prompt = messages
    .at(-1)
    ?.content.flatMap((block) => (block.type === 'text' ? [block.text] : []))
    .join(' ');
  return `This is the offline model. You wrote: ${prompt}`;
}
