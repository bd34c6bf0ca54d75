import { awsErrorFormat } from '../../../wire/response.ts';
import { agentCorePing, bySessionId } from './http.ts';
import { writeJsonRpcError, type JsonRpcError } from './jsonRpc.ts';
import type { Protocol } from './protocol.ts';

/** As AWS documents them; what is not among them is -32603. */
const REFUSALS: Readonly<Record<string, JsonRpcError>> = {
  ResourceNotFoundException: [-32051, 404],
  ValidationException: [-32052, 400],
  ThrottlingException: [-32053, 429],
  ServiceQuotaExceededException: [-32053, 429],
  ConflictException: [-32054, 409],
  RetryableConflictException: [-32054, 409],
  RuntimeClientError: [-32055, 424],
};

/** These never come in JSON-RPC's form. */
const PLAIN = new Set(['UnauthorizedException', 'AccessDeniedException']);

/** The Agent2Agent protocol, JSON-RPC over HTTP. */
export const a2a: Protocol = {
  port: 9000,
  path: '/',
  health: agentCorePing,
  headers: ['a2a-version', 'a2a-extensions', 'x-a2a-extensions'],
  // The agent's card names it.
  addressVariable: 'AGENTCORE_RUNTIME_URL',
  // Its clients know an agent by a base address, below which its card is.
  extraRequests: [{ method: 'POST', path: '/' }],
  createSessionResolver: bySessionId,
  refuse: (error, { body }) =>
    PLAIN.has(error.name)
      ? awsErrorFormat(error)
      : writeJsonRpcError(error, REFUSALS[error.name] ?? [-32603, error.status], body),
};
