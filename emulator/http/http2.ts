import type { RequestListener } from 'node:http';
import { createServer } from 'node:http2';
import type { Socket } from 'node:net';

/**
 * Serves connections that have begun with HTTP/2's preface. A file of its own, because Node's HTTP/2
 * brings all of TLS with it, for which most callers need not wait.
 */
export function createHttp2Door(
  onRequest: RequestListener,
  requestPatience: number,
): (socket: Socket) => void {
  const server = createServer({ maxHeaderListPairs: 512 });
  // Node gives HTTP/2 the same objects in all that we use of them; only the types tell them apart.
  server.on('request', onRequest as never);
  // A whole request may wait for its answer as long as that takes.
  server.on('stream', (stream) => {
    stream.setTimeout(requestPatience, () => {
      if (!stream.endAfterHeaders && !stream.readableEnded && !stream.headersSent) stream.close();
    });
  });
  return (socket) => server.emit('connection', socket);
}
