import type { WireError } from '../../../wire/errors.ts';
import type { ErrorResponse } from '../../../wire/response.ts';

/** Largest message that is parsed. Larger ones are payloads, whose content does not matter here. */
const MAX_PARSED_BYTES = 1_000_000;

/** The method-independent parts of a JSON-RPC message. */
export interface JsonRpcMessage {
  readonly id: string | number | null;
  readonly method: string | null;
}

/** Parses a JSON-RPC message; null if it is none, or a batch. */
export function parseJsonRpcMessage(body: Buffer | undefined): JsonRpcMessage | null {
  if (!body || body.length > MAX_PARSED_BYTES) return null;
  let message: unknown;
  try {
    message = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null || !('jsonrpc' in message)) return null;
  const { id, method } = message as { id?: unknown; method?: unknown };
  return {
    id: typeof id === 'string' || typeof id === 'number' ? id : null,
    method: typeof method === 'string' ? method : null,
  };
}

/** A JSON-RPC error code with its HTTP status. */
export type JsonRpcError = readonly [code: number, status: number];

/** Formats an error as the response to a message. */
export function writeJsonRpcError(
  error: WireError,
  [code, status]: JsonRpcError,
  body: Buffer | undefined,
): ErrorResponse {
  const id = parseJsonRpcMessage(body)?.id ?? null;
  return {
    status,
    contentType: 'application/json',
    body: JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: error.message } }),
  };
}
