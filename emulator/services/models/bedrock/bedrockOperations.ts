import type { Handlers } from '../../../wire/handlers.ts';
import { WireError } from '../../../wire/errors.ts';
import { collectReply } from '../modelEvent.ts';
import type { ModelCalls } from '../modelCalls.ts';
import { ModelError, type ModelErrorKind } from '../modelError.ts';
import { readConverse } from './converseRequest.ts';
import { writeConverse, writeConverseStream } from './converseReply.ts';

/** Creates the handlers of Bedrock Runtime's operations. */
export function createBedrockOperations(calls: ModelCalls): Handlers {
  return {
    Converse: {
      handle: (input, call) =>
        translateErrors(async () => {
          const startedAt = performance.now();
          const reply = await collectReply(await calls.invoke(call, readConverse(input)));
          return writeConverse(reply, performance.now() - startedAt);
        }),
    },
    ConverseStream: {
      handle: (input, call) =>
        translateErrors(async () => {
          const events = await calls.invoke(call, readConverse(input));
          return { stream: writeConverseStream(events, toWireError) };
        }),
    },
  };
}

async function translateErrors<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    throw toWireError(error);
  }
}

const ERROR_NAMES: Readonly<Record<ModelErrorKind, string>> = {
  invalid: 'ValidationException',
  authentication: 'AccessDeniedException',
  accessDenied: 'AccessDeniedException',
  notFound: 'ResourceNotFoundException',
  tooLarge: 'ValidationException',
  throttled: 'ThrottlingException',
  timeout: 'ModelTimeoutException',
  unavailable: 'ServiceUnavailableException',
  modelError: 'ModelErrorException',
  notEmulated: 'NotImplemented',
};

function toWireError(error: unknown): unknown {
  if (!(error instanceof ModelError)) return error;
  return new WireError(ERROR_NAMES[error.kind], error.message);
}
