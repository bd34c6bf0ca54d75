import { asMembers, asString, membersOf } from './json.ts';

/**
 * What a refusal says that is in a protocol's own words: AG-UI's RUN_ERROR, as an event, or an error of
 * JSON-RPC. Null where it is neither.
 */
export function readProtocolError(body: string): string | null {
  const [, event] = /^data: (.*)$/m.exec(body) ?? [];
  let value: unknown;
  try {
    value = JSON.parse(event ?? body);
  } catch {
    return null;
  }
  const { type, message, jsonrpc, error } = membersOf(value);
  if (type === 'RUN_ERROR') return asString(message);
  return jsonrpc === '2.0' ? asString(asMembers(error)?.['message']) : null;
}
