import type { RequestListener } from 'node:http';
import { createServer } from 'node:http2';
import type { Socket } from 'node:net';

/**
 * Serves connections that begin with HTTP/2's preface. In a file of its own, because Node's HTTP/2
 * loads all of TLS, which most clients do not need.
 */
export function createHttp2Acceptor(
  onRequest: RequestListener,
  requestTimeout: number,
): (socket: Socket) => void {
  const server = createServer({ maxHeaderListPairs: 512 });
  // In everything that we use, Node's HTTP/2 objects equal those of HTTP/1; only their types differ.
  server.on('request', onRequest as never);
  // A request that was sent whole may wait for its response as long as that takes.
  server.on('stream', (stream) => {
    stream.setTimeout(requestTimeout, () => {
      if (!stream.endAfterHeaders && !stream.readableEnded && !stream.headersSent) stream.close();
    });
  });
  return (socket) => server.emit('connection', socket);
}
