import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BEARER_PROTOCOL, subprotocols } from '../../wire/credential.ts';
import { constraintViolation, type Fault } from '../../wire/errors.ts';

/** Handshake headers, which the caller and the agent negotiate end to end. */
export const HANDSHAKE = [
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
];

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

/** Returns the response that tells a WebSocket's caller that the other end has accepted it. */
export function switchingProtocols(request: IncomingMessage, answer: IncomingMessage): string {
  return `HTTP/1.1 101 Switching Protocols\r\n${rawHeaders(answer)}${chosenProtocol(request, answer)}\r\n`;
}

// A caller that sends its bearer token as a subprotocol expects the choice of that subprotocol, which
// the agent does not know.
function chosenProtocol(request: IncomingMessage, answer: IncomingMessage): string {
  const isChosen = answer.headers['sec-websocket-protocol'] !== undefined;
  if (isChosen || !subprotocols(request.headers).includes(BEARER_PROTOCOL)) return '';
  return `Sec-WebSocket-Protocol: ${BEARER_PROTOCOL}\r\n`;
}

function rawHeaders({ rawHeaders: pairs }: IncomingMessage): string {
  let text = '';
  for (let index = 0; index < pairs.length; index += 2)
    text += `${pairs[index]}: ${pairs[index + 1]}\r\n`;
  return text;
}
