import type { RequestListener } from 'node:http';
import { createServer } from 'node:http2';
import type { Socket } from 'node:net';

/**
 * Serves HTTP/2 connections. This is a separate module, because Node's HTTP/2 loads all of TLS, which
 * most clients do not need.
 */
export function createHttp2Acceptor(
  onRequest: RequestListener,
  requestTimeout: number,
): (socket: Socket) => void {
  const server = createServer({ maxHeaderListPairs: 512 });
  // Node's HTTP/2 objects have the members of HTTP/1's that we use. Only their types differ.
  server.on('request', onRequest as never);
  // A complete request may wait for its response without limit.
  server.on('stream', (stream) => {
    stream.setTimeout(requestTimeout, () => {
      if (!stream.endAfterHeaders && !stream.readableEnded && !stream.headersSent) stream.close();
    });
  });
  return (socket) => server.emit('connection', socket);
}
