import { randomUUID } from 'node:crypto';
import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { ModelCalls } from '../modelCalls.ts';
import { toModelError, type ModelError, type ModelErrorKind } from '../modelError.ts';
import { collectReply, observeReply, type ModelEvent } from '../modelEvent.ts';
import type { ModelProtocol, ModelEndpoint } from '../protocolRoute.ts';
import { writeServerSentEvent } from '../serverSentEvent.ts';
import {
  writeAnthropicEvents,
  writeAnthropicReply,
  type AnthropicReplyInfo,
} from './anthropicReply.ts';
import { readAnthropicPrompt, readAnthropicRequest } from './anthropicRequest.ts';
import { createMessageThreads, ThreadNotFound } from './messageThreads.ts';

/** Creates the endpoints of Anthropic's API. */
export function createAnthropicProtocol(calls: ModelCalls): ModelProtocol {
  const threads = createMessageThreads();
  return {
    requestIdHeader: 'request-id',
    endpoints: {
      'POST /v1/messages': {
        operation: 'anthropic messages',
        async handle({ body: sent, requestId }, call) {
          const { caller } = call;
          const body = threads.complete(caller, sent);
          const request = readAnthropicRequest(body);
          const info = { id: `msg_${randomUUID().replaceAll('-', '')}`, model: request.model };
          const events = observeReply(await calls.invoke(call, request), (reply) =>
            threads.keep(caller, body, writeAnthropicReply(reply, info)),
          );
          return body['stream'] === true
            ? { events: writeStream(events, info, requestId) }
            : { json: writeAnthropicReply(await collectReply(events), info) };
        },
      },
      'POST /v1/messages/count_tokens': {
        operation: 'anthropic count tokens',
        async handle({ body }, call) {
          const inputTokens = await calls.countTokens(call, readAnthropicPrompt(body));
          return { json: { input_tokens: inputTokens } };
        },
      },
      'GET /v1/models': {
        operation: 'anthropic models',
        async handle(_, { caller }) {
          const model = describeModel(calls.nameFor(caller));
          return {
            json: { data: [model], has_more: false, first_id: model.id, last_id: model.id },
          };
        },
      },
      'GET /v1/models/{model}': {
        operation: 'anthropic model',
        handle: async ({ parameters }) => ({ json: describeModel(parameters['model']!) }),
      },
      // Claude Code sends these requests to check its connection.
      'HEAD /': connectivityCheck,
      'GET /': connectivityCheck,
    },
    formatError(error, requestId) {
      return {
        status: ERRORS[error.kind].status,
        headers: retryHeaders(error),
        body: writeError(error, requestId),
      };
    },
  };
}

const connectivityCheck: ModelEndpoint = {
  operation: 'anthropic connectivity check',
  handle: async () => ({ json: {} }),
};

async function* writeStream(
  events: AsyncIterable<ModelEvent>,
  info: AnthropicReplyInfo,
  requestId: string,
): AsyncGenerator<string> {
  try {
    for await (const event of writeAnthropicEvents(events, info)) {
      yield writeServerSentEvent(event, event.type);
    }
  } catch (error) {
    yield writeServerSentEvent(writeError(toModelError(error), requestId), 'error');
  }
}

/** Describes a model by its ID only, because every ID is accepted. */
function describeModel(id: string): ModelInfo {
  return {
    type: 'model',
    id,
    display_name: id,
    // The API's value for models without a known release date.
    created_at: '1970-01-01T00:00:00Z',
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: null,
    max_tokens: null,
    retires_at: null,
  };
}

const ERRORS: Readonly<Record<ModelErrorKind, { readonly status: number; readonly type: string }>> =
  {
    invalid: { status: 400, type: 'invalid_request_error' },
    authentication: { status: 401, type: 'authentication_error' },
    accessDenied: { status: 403, type: 'permission_error' },
    notFound: { status: 404, type: 'not_found_error' },
    tooLarge: { status: 413, type: 'request_too_large' },
    throttled: { status: 429, type: 'rate_limit_error' },
    timeout: { status: 504, type: 'timeout_error' },
    unavailable: { status: 529, type: 'overloaded_error' },
    modelError: { status: 500, type: 'api_error' },
    notEmulated: { status: 501, type: 'api_error' },
  };

function writeError(error: ModelError, requestId: string): object {
  const { kind, message } = error;
  const details = error instanceof ThreadNotFound && {
    details: { error_code: 'thread_not_found' },
  };
  return {
    type: 'error',
    error: { type: ERRORS[kind].type, message, ...details },
    request_id: requestId,
  };
}

/** SDKs retry after a server error, but a retry cannot succeed for what is not emulated. */
function retryHeaders({ kind, retryAfter }: ModelError): Record<string, string> {
  return {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(kind === 'notEmulated' && { 'x-should-retry': 'false' }),
  };
}
