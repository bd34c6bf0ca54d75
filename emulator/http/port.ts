import {
  createServer as createHttp1Server,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A port that speaks HTTP/1.1 and HTTP/2. */
export interface Port {
  readonly number: number;
  /** Handles requests from now on. Connections that came before have waited. */
  serve(listeners: RequestListeners): void;
  close(): Promise<void>;
}

/** What handles the requests of a port. */
export interface RequestListeners {
  readonly onRequest: RequestListener;
  /** Returns true if it takes the connection over, as a web socket; else the request is handled as any other. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** The first bytes of HTTP/2 with prior knowledge, as the AWS SDK's HTTP/2 clients speak it. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** How long a client may take to send what it has begun, in milliseconds. */
export interface ReceiveTimeouts {
  /** From the connection's start to the end of a request's head. */
  readonly head: number;
  /** To the end of its body. */
  readonly request: number;
  /** How often the two are checked. */
  readonly checkInterval: number;
}

/** A hundred megabytes arrive within five minutes on any line that an SDK would wait for. */
const RECEIVE_TIMEOUTS: ReceiveTimeouts = { head: 60_000, request: 300_000, checkInterval: 15_000 };

/** How long a client has to read the response with which its connection ends. */
const LAST_RESPONSE_MILLISECONDS = 1_000;

/** AWS accepts longer headers than Node does by default: baggage alone may be 8 KB. */
const LARGEST_HEADERS = 64 * 1024;

/**
 * Binds a port for both versions of HTTP: a connection's first bytes decide which one it is, and the
 * socket goes to the server of that version with those bytes put back. Nothing is handled before
 * `serve`, so the number is known to everything that is built in between.
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
    // Before an HTTP server owns the socket, a client that resets it must not end the process.
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
      // One that never served has no server of HTTP to close.
      serving.resolve({ accept: (socket) => void socket.destroy(), close() {} });
      (await serving.promise).close();
      await closed;
    },
  };
}

/** Takes connections over, of either version of HTTP. */
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
      maxHeaderSize: LARGEST_HEADERS,
      headersTimeout: timeouts.head,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: timeouts.checkInterval,
      // Java's client offers HTTP/2 with each of its requests. That offer may be ignored.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    onRequest,
  );
  http1.on('upgrade', (request, socket, head) => {
    if (onUpgrade(request, socket, head)) return;
    onRequest(request, respondToUpgrade(request, socket));
  });
  // SDKs keep connections for their next call; closing them early makes a call fail now and then.
  http1.keepAliveTimeout = 75_000;
  // It never listens itself, and still has to check for heads and bodies that do not arrive.
  http1.emit('listening');

  let http2: Promise<(socket: Socket) => void> | undefined;
  async function acceptHttp2(socket: Socket): Promise<void> {
    http2 ??= import('./http2.ts').then(({ createHttp2Acceptor }) =>
      createHttp2Acceptor(onRequest, timeouts.request),
    );
    const accept = await http2;
    if (!socket.destroyed) handOver(socket, accept);
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
        else handOver(socket, (accepted) => http1.emit('connection', accepted));
      });
    },
    close: () => void http1.close(),
  };
}

/** The HTTP server attaches its listeners first; then the bytes may flow again. */
function handOver(socket: Socket, accept: (socket: Socket) => void): void {
  accept(socket);
  process.nextTick(() => socket.resume());
}

/** The response to a request for a web socket that is refused. */
export function respondToUpgrade(request: IncomingMessage, socket: Duplex): ServerResponse {
  // Node has detached the connection from its server, so the response is the connection's last.
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => {
    socket.end();
    // A client that keeps its end open, or does not read, must not keep ours open.
    const cut = setTimeout(() => socket.destroy(), LAST_RESPONSE_MILLISECONDS);
    socket.once('close', () => clearTimeout(cut));
  });
  return response;
}
