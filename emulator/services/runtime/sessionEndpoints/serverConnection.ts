import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { respondToUpgrade } from '../../../http/port.ts';
import { switchingProtocols } from '../webSocketHandshake.ts';
import { ServerUnreachable } from './endpointErrors.ts';
import { headersToCaller } from './endpointHeaders.ts';

/** A request to a server in a session's machine. */
export interface ServerRequest {
  /** The port of this machine at which the server is reached. */
  readonly realPort: number;
  /** The port in the session's machine. */
  readonly port: number;
  /** The part of the caller's path that names the endpoint. */
  readonly prefix: string;
  readonly path: string;
  /** A flat list. */
  readonly headers: readonly string[];
}

/**
 * Forwards a request and streams both bodies. A null body is streamed from the request. Resolves with
 * the status when the response has ended; rejects if there was none.
 */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | null,
  toServer: ServerRequest,
): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    const outgoing = send(request, toServer, toServer.headers);
    response.once('close', () => outgoing.destroy());
    outgoing.on('error', (error) => reject(unreachable(error, toServer)));
    outgoing.once('response', (answer) => relay(answer, response, toServer, resolve));
    outgoing.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(unreachable(new Error('it switched protocols without a request'), toServer));
    });
    if (body !== null) {
      outgoing.end(body);
      return;
    }
    // The server may respond before the first chunk of the body.
    outgoing.flushHeaders();
    request.pipe(outgoing);
  });
}

/** Connects a WebSocket. Resolves with the status when it has closed, or with that of a refusal. */
export function connectWebSocket(
  request: IncomingMessage,
  caller: Duplex,
  head: Buffer,
  toServer: ServerRequest,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const upgrade = ['connection', 'Upgrade', 'upgrade', 'websocket'];
    const handshake = send(request, toServer, [...toServer.headers, ...upgrade]);
    caller.once('close', () => handshake.destroy());
    handshake.on('error', (error) => reject(unreachable(error, toServer)));
    handshake.once('response', (answer) =>
      relay(answer, respondToUpgrade(request, caller), toServer, resolve),
    );
    handshake.once('upgrade', (answer, server, received) => {
      server.on('error', () => caller.destroy());
      caller.write(switchingProtocols(request, answer));
      caller.write(received);
      server.write(head);
      server.pipe(caller);
      caller.pipe(server);
      caller.once('close', () => server.destroy());
      server.once('close', () => {
        caller.destroy();
        resolve(101);
      });
      if (caller.destroyed) server.destroy();
    });
    handshake.end();
  });
}

function send(
  { method }: IncomingMessage,
  { realPort, path }: ServerRequest,
  headers: readonly string[],
): ClientRequest {
  const options = { host: '127.0.0.1', port: realPort, agent: false, headers: [...headers], path };
  return httpRequest({ ...options, ...(method !== undefined && { method }) });
}

function relay(
  answer: IncomingMessage,
  response: ServerResponse,
  toServer: ServerRequest,
  onEnd: (status: number) => void,
): void {
  const { statusCode: status = 502 } = answer;
  response.writeHead(status, headersToCaller(answer, toServer));
  // An event stream may have no event for a long time.
  response.flushHeaders();
  pipeline(answer, response, () => onEnd(status));
}

function unreachable(error: Error, { port }: ServerRequest): ServerUnreachable {
  return new ServerUnreachable(
    `The server on port ${port} of the session did not respond: ${error.message}.`,
  );
}
