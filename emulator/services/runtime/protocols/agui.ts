import type { WireError } from '../../../wire/errors.ts';
import { http } from './http.ts';
import type { Protocol } from './protocol.ts';

/** Error codes that AWS documents. Others become INTERNAL_ERROR. */
const ERROR_CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  UnauthorizedException: ['UNAUTHORIZED', 401],
  AccessDeniedException: ['ACCESS_DENIED', 403],
  ValidationException: ['VALIDATION_ERROR', 400],
  ThrottlingException: ['RATE_LIMIT_EXCEEDED', 429],
  ConflictException: ['SESSION_BUSY', 409],
  RetryableConflictException: ['SESSION_BUSY', 409],
  ServiceQuotaExceededException: ['SERVICE_QUOTA_EXCEEDED', 429],
  RuntimeClientError: ['AGENT_ERROR', 200],
};

/** The Agent-User Interaction protocol: HTTP with a run's input and a stream of events. */
export const agui: Protocol = {
  ...http,
  formatError(error) {
    const [, status] = errorCode(error);
    return { status, contentType: 'text/event-stream', body: runError(error) };
  },
  formatStreamError: runError,
};

function errorCode(error: WireError): readonly [code: string, status: number] {
  return ERROR_CODES[error.name] ?? ['INTERNAL_ERROR', error.status];
}

function runError(error: WireError): string {
  const [code] = errorCode(error);
  return `data: ${JSON.stringify({ type: 'RUN_ERROR', code, message: error.message })}\n\n`;
}
