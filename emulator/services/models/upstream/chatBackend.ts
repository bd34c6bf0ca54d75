import type { ModelBackend } from '../modelBackend.ts';
import { ModelError } from '../modelError.ts';
import { readChatEvents } from '../openai/readChatReply.ts';
import { writeChatRequest, type ChatServerTraits } from '../openai/writeChatRequest.ts';
import { estimateTokens } from '../offline/tokenEstimate.ts';
import type { UpstreamClient } from './upstreamClient.ts';

/** Creates a client of a server with OpenAI's chat completions and embeddings. */
export function createChatBackend(
  client: UpstreamClient,
  chosen: string | null,
  traits: ChatServerTraits,
): ModelBackend {
  return {
    async *invoke(request, { signal }) {
      const body = {
        ...writeChatRequest({ ...request, model: chosen ?? request.model }, traits),
        stream: true,
        stream_options: { include_usage: true },
      };
      const response = await client.post('/chat/completions', body, signal);
      yield* readChatEvents(response.events());
    },
    // The protocol has no call that counts tokens.
    countTokens: async (request) => estimateTokens(request),
    async embed({ model, texts, dimensions }, { signal }) {
      const body = {
        model: chosen ?? model,
        input: texts,
        ...(dimensions !== undefined && { dimensions }),
      };
      const response = await client.post('/embeddings', body, signal);
      const { data, usage } = (await response.json()) as {
        readonly data?: readonly { readonly index: number; readonly embedding: number[] }[];
        readonly usage?: { readonly prompt_tokens?: number };
      };
      if (!data) {
        throw new ModelError('modelError', 'The server sent no embeddings. Check its URL.');
      }
      return {
        vectors: data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding),
        inputTokens: usage?.prompt_tokens ?? 0,
      };
    },
  };
}
