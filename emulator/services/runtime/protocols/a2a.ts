import { awsErrorFormat } from '../../../wire/response.ts';
import { agentCorePing, bySessionId } from './http.ts';
import { writeJsonRpcError, type JsonRpcError } from './jsonRpc.ts';
import type { Protocol } from './protocol.ts';

/** Error codes that AWS documents. Others become -32603. */
const ERROR_CODES: Readonly<Record<string, JsonRpcError>> = {
  ResourceNotFoundException: [-32051, 404],
  ValidationException: [-32052, 400],
  ThrottlingException: [-32053, 429],
  ServiceQuotaExceededException: [-32053, 429],
  ConflictException: [-32054, 409],
  RetryableConflictException: [-32054, 409],
  RuntimeClientError: [-32055, 424],
};

/** Errors that are never in JSON-RPC form. */
const PLAIN_ERRORS = new Set(['UnauthorizedException', 'AccessDeniedException']);

/** The Agent2Agent protocol: JSON-RPC over HTTP. */
export const a2a: Protocol = {
  port: 9000,
  path: '/',
  health: () => agentCorePing,
  headers: ['a2a-version', 'a2a-extensions', 'x-a2a-extensions'],
  // The agent's card contains it.
  addressVariable: 'AGENTCORE_RUNTIME_URL',
  // Clients use a base URL, below which the card is.
  extraRequests: [{ method: 'POST', path: '/' }],
  createSessionResolver: bySessionId,
  formatError: (error, { body }) =>
    PLAIN_ERRORS.has(error.name)
      ? awsErrorFormat(error)
      : writeJsonRpcError(error, ERROR_CODES[error.name] ?? [-32603, error.status], body),
};
