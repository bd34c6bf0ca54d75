import {
  createServer as createHttp1Server,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A listening port that speaks HTTP/1.1 and HTTP/2. */
export interface Port {
  readonly number: number;
  close(): Promise<void>;
}

/** What comes in by a port. */
export interface PortListeners {
  readonly onRequest: RequestListener;
  /** Whether it takes the connection over, as a web socket; else it is a request as any other. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** How HTTP/2 begins when it begins without being asked, as the AWS SDK's HTTP/2 clients do. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** How long a client may take to send what it has begun, in milliseconds; looked after every so often. */
export interface Patience {
  /** From the connection's first moment to the end of a request's head. */
  readonly head: number;
  /** To the end of its body. */
  readonly request: number;
  readonly look: number;
}

/** A hundred megabytes come in within five minutes on any line that an SDK would wait for. */
const PATIENCE: Patience = { head: 60_000, request: 300_000, look: 15_000 };

/** How long a client has to read the answer with which its connection ends. */
const LEAVING_MILLISECONDS = 1_000;

/** AWS takes longer headers than Node does by default: baggage alone may be 8 KB. */
const LARGEST_HEADERS = 64 * 1024;

/**
 * Opens one port for both versions of HTTP: a connection's first bytes tell which it is, and the
 * socket is handed to the server of that version with those bytes put back.
 */
export async function openPort(
  { host, port }: { host: string; port: number },
  { onRequest, onUpgrade = () => false }: PortListeners,
  patience = PATIENCE,
): Promise<Port> {
  const http1 = createHttp1Server(
    {
      maxHeaderSize: LARGEST_HEADERS,
      headersTimeout: patience.head,
      requestTimeout: patience.request,
      connectionsCheckingInterval: patience.look,
      // Java's client offers HTTP/2 with each of its requests; that offer may be let pass.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    onRequest,
  );
  http1.on('upgrade', (request, socket, head) => {
    if (onUpgrade(request, socket, head)) return;
    onRequest(request, answerUpgrade(request, socket));
  });
  // SDKs keep connections for their next call; closing them early makes a call fail now and then.
  http1.keepAliveTimeout = 75_000;
  // It never listens itself, and yet is to watch for heads and bodies that do not arrive.
  http1.emit('listening');
  const sockets = new Set<Socket>();

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Before a server of HTTP owns the socket, a client that resets it must not end the process.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(patience.head, () => socket.destroy());
    recognise(socket);
  });

  function recognise(socket: Socket): void {
    let seen: Buffer = Buffer.alloc(0);
    socket.on('data', function look(chunk: Buffer) {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const length = Math.min(seen.length, HTTP2_PREFACE.length);
      const mayBeHttp2 = seen.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length));
      if (mayBeHttp2 && length < HTTP2_PREFACE.length) return;
      socket.off('data', look);
      socket.pause();
      socket.setTimeout(0);
      socket.unshift(seen);
      if (mayBeHttp2) void handToHttp2(socket);
      else handOver(socket, (taken) => http1.emit('connection', taken));
    });
  }

  let http2: Promise<(socket: Socket) => void> | undefined;
  async function handToHttp2(socket: Socket): Promise<void> {
    http2 ??= import('./http2.ts').then(({ createHttp2Door }) =>
      createHttp2Door(onRequest, patience.request),
    );
    const door = await http2;
    if (!socket.destroyed) handOver(socket, door);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    number: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      http1.close();
      await closed;
    },
  };
}

/** The server of that version takes over first; then the bytes may flow again. */
function handOver(socket: Socket, take: (socket: Socket) => void): void {
  take(socket);
  process.nextTick(() => socket.resume());
}

/** The answer to a request for a web socket that gets none. */
export function answerUpgrade(request: IncomingMessage, socket: Duplex): ServerResponse {
  // Node has let go of the connection, so the answer is its last.
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => {
    socket.end();
    // A client that keeps its end open, or does not read, does not keep ours.
    const cut = setTimeout(() => socket.destroy(), LEAVING_MILLISECONDS);
    socket.once('close', () => clearTimeout(cut));
  });
  return response;
}
