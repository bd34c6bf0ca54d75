import type { WireError } from '../../../wire/errors.ts';
import type { ErrorResponse } from '../../../wire/response.ts';

/** Messages that are looked into are small; the payload of a large one is nobody's business here. */
const LOOKED_INTO_BYTES = 1_000_000;

/** What of a message can be known without knowing its method. */
export interface JsonRpcMessage {
  readonly id: string | number | null;
  readonly method: string | null;
}

/** Reads what is to be a message of JSON-RPC; null where it is none, or several. */
export function parseJsonRpcMessage(body: Buffer | undefined): JsonRpcMessage | null {
  if (!body || body.length > LOOKED_INTO_BYTES) return null;
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

/** A refusal's code in JSON-RPC, and the HTTP status that it goes out with. */
export type JsonRpcError = readonly [code: number, status: number];

/** Says a refusal as the answer to the message that it is for. */
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
