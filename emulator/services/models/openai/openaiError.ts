import type { ResponseError } from 'openai/resources/responses/responses';
import type { ModelError, ModelErrorKind } from '../modelError.ts';
import type { ProtocolError } from '../protocolRoute.ts';

interface OpenaiError {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
}

const ERRORS: Readonly<Record<ModelErrorKind, OpenaiError>> = {
  invalid: { status: 400, type: 'invalid_request_error', code: null },
  authentication: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  accessDenied: { status: 403, type: 'invalid_request_error', code: 'permission_denied' },
  notFound: { status: 404, type: 'invalid_request_error', code: 'not_found' },
  tooLarge: { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  throttled: { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
  timeout: { status: 504, type: 'server_error', code: 'timeout' },
  unavailable: { status: 503, type: 'server_error', code: 'service_unavailable' },
  modelError: { status: 500, type: 'server_error', code: 'server_error' },
  notEmulated: { status: 501, type: 'server_error', code: 'not_emulated' },
};

/** Returns an error in the format of OpenAI's API. */
export function formatOpenaiError(error: ModelError): ProtocolError {
  const { kind, retryAfter } = error;
  return {
    status: ERRORS[kind].status,
    headers: {
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      // SDKs retry after a server error, but a retry cannot succeed for what is not emulated.
      ...(kind === 'notEmulated' && { 'x-should-retry': 'false' }),
    },
    body: writeOpenaiError(error),
  };
}

/** Writes an error as the body of a response or an event of a chat completion's stream. */
export function writeOpenaiError({ kind, message, field }: ModelError): object {
  const { type, code } = ERRORS[kind];
  return { error: { message, type, param: field === undefined ? null : paramOf(field), code } };
}

/** Writes an error that occurs during a response. */
export function writeResponseError({ kind, message }: ModelError): ResponseError {
  if (kind === 'throttled') return { code: 'rate_limit_exceeded', message };
  return { code: kind === 'invalid' ? 'invalid_prompt' : 'server_error', message };
}

/** Returns a field's path as OpenAI writes it: `messages[0].content` for `messages.0.content`. */
function paramOf(field: string): string {
  return field.replace(/\.(\d+)/g, '[$1]');
}
