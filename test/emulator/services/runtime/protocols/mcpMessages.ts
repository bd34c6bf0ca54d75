import { expect } from 'vitest';
import type { TestEmulator } from '../../../../support/emulator.ts';
import { mcpUrl } from '../../../../support/mcp.ts';

const listTools = { jsonrpc: '2.0', id: 'req-1', method: 'tools/list' };

/** Posts an MCP message without a client and returns the raw response. */
export async function post(
  { url, agent }: TestEmulator,
  headers: Record<string, string> = {},
  message: object = listTools,
): Promise<{ status: number; headers: Headers; answer: unknown }> {
  const response = await fetch(mcpUrl({ url }, agent), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(message),
  });
  const text = await response.text();
  const answer: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, answer };
}

/** The JSON-RPC error that answers `listTools`. */
export const jsonRpcError = (code: number, message: RegExp) => ({
  jsonrpc: '2.0',
  id: 'req-1',
  error: { code, message: expect.stringMatching(message) as string },
});
