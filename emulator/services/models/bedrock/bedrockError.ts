import { WireError } from '../../../wire/errors.ts';
import { ModelError, type ModelErrorKind } from '../modelError.ts';

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

/** The errors that a stream can have as its last event. */
const STREAM_ERRORS: ReadonlySet<ModelErrorKind> = new Set(['invalid', 'throttled', 'unavailable']);

/** Converts the error of a call to an AWS error. */
function toWireError(error: unknown): unknown {
  if (!(error instanceof ModelError)) return error;
  const { kind, message, retryAfter } = error;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) };
  return new WireError(ERROR_NAMES[kind], message, {}, headers);
}

/** Converts an error during a stream to an event of that stream. */
export function toStreamError(error: unknown): unknown {
  if (!(error instanceof ModelError) || STREAM_ERRORS.has(error.kind)) return toWireError(error);
  return new WireError('ModelStreamErrorException', error.message, {
    originalMessage: error.message,
  });
}

/** Runs a handler and converts its errors to AWS errors. */
export async function withWireErrors<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    throw toWireError(error);
  }
}
