import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type { EmbeddingReply, EmbeddingRequest, ModelBackend } from '../modelBackend.ts';
import { ModelError, type ModelErrorKind } from '../modelError.ts';
import type { ModelEvent } from '../modelEvent.ts';
import { fromConverseEvents } from './converseEvents.ts';
import { toConverseInput } from './converseInput.ts';

/** Creates a client of Amazon Bedrock, with the emulator's own credentials. */
export function createBedrockBackend(model: string | null, region: string): ModelBackend {
  const client = new BedrockRuntimeClient({ region });

  return {
    async *invoke(request, { signal }): AsyncGenerator<ModelEvent> {
      const input = toConverseInput(request, model ?? request.model);
      try {
        const { stream } = await client.send(new ConverseStreamCommand(input), {
          abortSignal: signal,
        });
        yield* fromConverseEvents(stream!);
      } catch (error) {
        throw toModelError(error);
      }
    },
    async countTokens(request, { signal }) {
      const { modelId, messages, system, toolConfig } = toConverseInput(
        request,
        model ?? request.model,
      );
      const input = { converse: { messages, system, toolConfig } };
      try {
        const { inputTokens } = await client.send(new CountTokensCommand({ modelId, input }), {
          abortSignal: signal,
        });
        return inputTokens!;
      } catch (error) {
        throw toModelError(error);
      }
    },
    async embed(request, { signal }) {
      try {
        return await embed(client, { ...request, model: model ?? request.model }, signal);
      } catch (error) {
        throw toModelError(error);
      }
    },
    close: async () => client.destroy(),
  };
}

async function embed(
  client: BedrockRuntimeClient,
  { model, texts, dimensions }: EmbeddingRequest,
  abortSignal: AbortSignal,
): Promise<EmbeddingReply> {
  async function invoke(body: object): Promise<unknown> {
    const command = new InvokeModelCommand({ modelId: model, body: JSON.stringify(body) });
    const { body: answer } = await client.send(command, { abortSignal });
    return JSON.parse(answer.transformToString());
  }

  if (model.includes('cohere.')) {
    const { embeddings } = (await invoke({
      texts,
      input_type: 'search_document',
      embedding_types: ['float'],
      ...(dimensions !== undefined && { output_dimension: dimensions }),
    })) as { embeddings: { float: number[][] } };
    return { vectors: embeddings.float, inputTokens: 0 };
  }
  // Titan embeds one text in a call.
  const answers = (await Promise.all(
    texts.map((inputText) =>
      invoke({ inputText, ...(dimensions !== undefined && { dimensions }) }),
    ),
  )) as { embedding: number[]; inputTextTokenCount: number }[];
  return {
    vectors: answers.map(({ embedding }) => embedding),
    inputTokens: answers.reduce((sum, { inputTextTokenCount }) => sum + inputTextTokenCount, 0),
  };
}

const KINDS: Readonly<Record<string, ModelErrorKind>> = {
  ValidationException: 'invalid',
  AccessDeniedException: 'accessDenied',
  ResourceNotFoundException: 'notFound',
  ThrottlingException: 'throttled',
  ServiceQuotaExceededException: 'throttled',
  ModelTimeoutException: 'timeout',
  ModelErrorException: 'modelError',
  ModelStreamErrorException: 'modelError',
  ModelNotReadyException: 'unavailable',
  ServiceUnavailableException: 'unavailable',
  InternalServerException: 'unavailable',
  CredentialsProviderError: 'authentication',
  ExpiredTokenException: 'authentication',
  UnrecognizedClientException: 'authentication',
};

function toModelError(error: unknown): unknown {
  if (error instanceof ModelError || (error as Error).name === 'AbortError') return error;
  const { name, message } = error as Error;
  return new ModelError(KINDS[name] ?? 'unavailable', `Amazon Bedrock: ${name}: ${message}`);
}
