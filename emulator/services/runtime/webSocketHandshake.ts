import type { IncomingHttpHeaders } from 'node:http';
import { constraintViolation, type Fault } from '../../wire/errors.ts';

/** Rejects an invalid WebSocket handshake before a session starts. */
export function refuseHandshake(method: string, headers: IncomingHttpHeaders): void {
  const faults = [
    { name: 'method', value: method, pattern: /^GET$/ },
    { name: 'Sec-WebSocket-Version', value: headers['sec-websocket-version'], pattern: /^13$/ },
    {
      name: 'Sec-WebSocket-Key',
      value: headers['sec-websocket-key'],
      pattern: /^[+/0-9A-Za-z]{22}==$/,
    },
  ].filter(({ value = '', pattern }) => !pattern.test(value));
  if (faults.length === 0) return;
  throw constraintViolation(
    faults.map(({ name, value, pattern }) => describeFault(name, value, pattern)),
  );
}

/**
 * Rejects a session id that no header can have. A query parameter can contain line breaks, for
 * example, and responses repeat the id in a header.
 */
export function refuseInvalidHeaderValue(sessionId: string): void {
  const pattern = /^[!-~]*$/;
  if (pattern.test(sessionId)) return;
  throw constraintViolation([
    describeFault('X-Amzn-Bedrock-AgentCore-Runtime-Session-Id', sessionId, pattern),
  ]);
}

function describeFault(path: string, value: string | undefined, { source }: RegExp): Fault {
  const shown = value === undefined ? 'null' : `'${value}'`;
  return {
    path,
    message: `Value ${shown} at '${path}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${source}`,
  };
}
