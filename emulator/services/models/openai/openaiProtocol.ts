import type { Model } from 'openai/resources/models';
import type { Clock } from '../../../clock.ts';
import type { ModelCalls } from '../modelCalls.ts';
import type { ModelProtocol } from '../protocolRoute.ts';
import { createChatEndpoint } from './chatEndpoint.ts';
import { createEmbeddingsEndpoint } from './embeddingsEndpoint.ts';
import { formatOpenaiError } from './openaiError.ts';
import { createResponsesEndpoints } from './responsesEndpoints.ts';

/** Creates the endpoints of OpenAI's API. */
export function createOpenaiProtocol(calls: ModelCalls, clock: Pick<Clock, 'now'>): ModelProtocol {
  return {
    requestIdHeader: 'x-request-id',
    endpoints: {
      'POST /chat/completions': createChatEndpoint(calls, clock),
      ...createResponsesEndpoints(calls, clock),
      'POST /embeddings': createEmbeddingsEndpoint(calls),
      'GET /models': {
        operation: 'openai models',
        async handle(_, { caller }) {
          return { json: { object: 'list', data: [describeModel(calls.nameFor(caller))] } };
        },
      },
      'GET /models/{model}': {
        operation: 'openai model',
        handle: async ({ parameters }) => ({ json: describeModel(parameters['model']!) }),
      },
    },
    formatError: formatOpenaiError,
  };
}

/** Describes a model by its ID only, because every ID is accepted. */
function describeModel(id: string): Model {
  return { id, object: 'model', created: 0, owned_by: 'agentcore-workbench' };
}
