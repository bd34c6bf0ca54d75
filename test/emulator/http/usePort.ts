import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { bindPort, type Port, type ReceiveTimeouts } from '../../../emulator/http/port.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Returns the request's HTTP version, method, path and body. */
export const echo: Listener = (request, response) => {
  text(request).then(
    (body) => {
      const { httpVersion, method, url } = request;
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(`${httpVersion} ${method} ${url} ${body}`);
    },
    () => response.destroy(),
  );
};

/** Opens a port with a listener. It closes when the test ends. */
export async function usePort(
  listener: Listener = echo,
  timeouts?: ReceiveTimeouts,
): Promise<Port & { url: string }> {
  const port = await bindPort({ host: '127.0.0.1', port: 0 }, timeouts);
  port.serve({ onRequest: listener });
  onTestFinished(() => port.close());
  return { ...port, url: `http://127.0.0.1:${port.number}` };
}

/** Opens a connection to a port. It closes when the test ends. */
export function useSocket({ number }: Port): Socket {
  const socket = connect({ host: '127.0.0.1', port: number, noDelay: true });
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Creates an HTTP/2 client, on a new or the given socket. */
export function useHttp2({ url }: { url: string }, socket?: Duplex): ClientHttp2Session {
  const session = connectHttp2(url, socket && { createConnection: () => socket });
  onTestFinished(() => session.destroy());
  return session;
}

/** Sends an HTTP/2 request and returns the body of the response. */
export async function askHttp2(
  session: ClientHttp2Session,
  path: string,
  body = '',
): Promise<string> {
  const stream = session.request({ ':method': 'POST', ':path': path });
  stream.end(body);
  return text(stream);
}
