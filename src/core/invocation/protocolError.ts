import { asMembers, asString, readMembers } from './json.ts';

/** Reads the message of AG-UI's RUN_ERROR event or of a JSON-RPC error; null for any other body. */
export function readProtocolError(body: string): string | null {
  const [, event] = /^data: (.*)$/m.exec(body) ?? [];
  let value: unknown;
  try {
    value = JSON.parse(event ?? body);
  } catch {
    return null;
  }
  const { type, message, jsonrpc, error } = readMembers(value);
  if (type === 'RUN_ERROR') return asString(message);
  return jsonrpc === '2.0' ? asString(asMembers(error)?.['message']) : null;
}
