import {
  createServer as createHttp1Server,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A port that serves HTTP/1.1 and HTTP/2. */
export interface Port {
  readonly number: number;
  /** Starts handling requests. Earlier connections have waited. */
  serve(listeners: RequestListeners): void;
  close(): Promise<void>;
}

/** The handlers of a port's requests. */
export interface RequestListeners {
  readonly onRequest: RequestListener;
  /** Returns true if it takes over the connection as a WebSocket. Otherwise `onRequest` handles the request. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** The preface of HTTP/2 with prior knowledge, which the AWS SDK's HTTP/2 clients send. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Time limits for receiving a request, in milliseconds. */
export interface ReceiveTimeouts {
  /** From the start of the connection to the end of a request's headers. */
  readonly head: number;
  /** To the end of the request's body. */
  readonly request: number;
  /** Interval between checks of both limits. */
  readonly checkInterval: number;
}

/** Five minutes are enough for 100 MB on any usable connection. */
const RECEIVE_TIMEOUTS: ReceiveTimeouts = { head: 60_000, request: 300_000, checkInterval: 15_000 };

/** Time for a client to read the last response of its connection. */
const LAST_RESPONSE_MILLISECONDS = 1_000;

/** AWS accepts larger headers than Node's default; baggage alone can be 8 KB. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Binds a port for both versions of HTTP. A connection's first bytes determine the version, and the
 * socket is passed to that version's server. Nothing is handled before `serve`, so that the port's
 * number is known while the handlers are created.
 */
export async function bindPort(
  { host, port }: { host: string; port: number },
  timeouts = RECEIVE_TIMEOUTS,
): Promise<Port> {
  const serving = Promise.withResolvers<Acceptor>();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A reset before an HTTP server owns the socket must not end the process.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(timeouts.head, () => socket.destroy());
    void serving.promise.then(({ accept }) => accept(socket));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    number: (server.address() as AddressInfo).port,
    serve: (listeners) => serving.resolve(createAcceptor(listeners, timeouts)),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      // Without `serve`, there is no HTTP server to close.
      serving.resolve({ accept: (socket) => void socket.destroy(), close() {} });
      (await serving.promise).close();
      await closed;
    },
  };
}

/** Accepts connections of either HTTP version. */
interface Acceptor {
  accept(socket: Socket): void;
  close(): void;
}

function createAcceptor(
  { onRequest, onUpgrade = () => false }: RequestListeners,
  timeouts: ReceiveTimeouts,
): Acceptor {
  const http1 = createHttp1Server(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeouts.head,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: timeouts.checkInterval,
      // Java's client offers an HTTP/2 upgrade with each request, which is ignored.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    onRequest,
  );
  http1.on('upgrade', (request, socket, head) => {
    if (onUpgrade(request, socket, head)) return;
    onRequest(request, respondToUpgrade(request, socket));
  });
  // SDKs reuse connections. Closing them early makes occasional calls fail.
  http1.keepAliveTimeout = 75_000;
  // This starts the timeout checks, because the server itself never listens.
  http1.emit('listening');

  let http2: Promise<(socket: Socket) => void> | undefined;
  async function acceptHttp2(socket: Socket): Promise<void> {
    http2 ??= import('./http2.ts').then(({ createHttp2Acceptor }) =>
      createHttp2Acceptor(onRequest, timeouts.request),
    );
    const accept = await http2;
    if (!socket.destroyed) passSocket(socket, accept);
  }

  return {
    accept(socket) {
      let received: Buffer = Buffer.alloc(0);
      socket.on('data', function detectVersion(chunk: Buffer) {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const length = Math.min(received.length, HTTP2_PREFACE.length);
        const mayBeHttp2 = received.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length));
        if (mayBeHttp2 && length < HTTP2_PREFACE.length) return;
        socket.off('data', detectVersion);
        socket.pause();
        socket.setTimeout(0);
        socket.unshift(received);
        if (mayBeHttp2) void acceptHttp2(socket);
        else passSocket(socket, (accepted) => http1.emit('connection', accepted));
      });
    },
    close: () => void http1.close(),
  };
}

/** Resumes the socket after the HTTP server has attached its listeners. */
function passSocket(socket: Socket, accept: (socket: Socket) => void): void {
  accept(socket);
  process.nextTick(() => socket.resume());
}

/** Creates the response to a refused WebSocket request. */
export function respondToUpgrade(request: IncomingMessage, socket: Duplex): ServerResponse {
  // Node has detached the connection from its server, so it closes after this response.
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => {
    socket.end();
    // A client that does not read or close must not keep the connection open.
    const timer = setTimeout(() => socket.destroy(), LAST_RESPONSE_MILLISECONDS);
    socket.once('close', () => clearTimeout(timer));
  });
  return response;
}
