import { readAnthropicEvents } from '../anthropic/readAnthropicReply.ts';
import { writeAnthropicRequest } from '../anthropic/writeAnthropicRequest.ts';
import type { ModelBackend } from '../modelBackend.ts';
import { ModelError } from '../modelError.ts';
import type { ModelRequest } from '../modelRequest.ts';
import { withoutProvider } from '../modelName.ts';
import type { UpstreamClient } from './upstreamClient.ts';

/** Creates a client of Anthropic's API, or of a server with the same protocol. */
export function createAnthropicBackend(
  client: UpstreamClient,
  chosen: string | null,
): ModelBackend {
  const write = (request: ModelRequest) =>
    writeAnthropicRequest({ ...request, model: chosen ?? anthropicModel(request.model) });

  return {
    async *invoke(request, { signal }) {
      const body = { ...write(request), stream: true };
      const response = await client.post('/v1/messages', body, signal);
      yield* readAnthropicEvents(response.events());
    },
    async countTokens(request, { signal }) {
      const { model, messages, system, tools, tool_choice } = write(request);
      const body = { model, messages, system, tools, tool_choice };
      const response = await client.post('/v1/messages/count_tokens', body, signal);
      return ((await response.json()) as { input_tokens: number }).input_tokens;
    },
    async embed({ model }) {
      throw new ModelError(
        'invalid',
        `Anthropic has no embeddings, so '${model}' is unavailable. Choose another backend for this agent with --model AGENT=MODEL.`,
      );
    },
  };
}

/** Returns Anthropic's ID of a model that Bedrock has too. */
function anthropicModel(model: string): string {
  const name = withoutProvider(model);
  if (name.startsWith('claude')) return name;
  throw new ModelError(
    'notFound',
    `Anthropic has no model '${model}'. Choose one for all calls with --model anthropic:MODEL.`,
  );
}
