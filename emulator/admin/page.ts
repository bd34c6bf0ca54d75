import type { ServerResponse } from 'node:http';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Route } from '../http/route.ts';

/** A page that the emulator serves without knowing its content: files and WebSockets. */
export interface ServedPage {
  /** Returns a file by its name, such as `index.html`; undefined if it does not exist. */
  file(name: string): Promise<PageFile | undefined>;
  /** Called when the page has opened a WebSocket. */
  connect(socket: PageSocket, name: PageSocketName): void;
  /** Called when the emulator has closed its port. */
  close(): Promise<void>;
}

/** The names of a page's WebSockets. */
export type PageSocketName = 'chat' | 'compare';

/** One of the page's files. */
export interface PageFile {
  readonly contentType: string;
  readonly content: Buffer;
}

/** A WebSocket of the page. It carries text messages both ways. */
export interface PageSocket {
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
  onClose(listener: () => void): void;
  /** Closes the socket after an invalid message, with a reason of at most 123 ASCII characters. */
  refuse(reason: string): void;
}

/** The paths that have a file of the page. */
const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['/', 'index.html'],
  ['/compare', 'compare.html'],
]);

const SOCKETS: ReadonlyMap<string, PageSocketName> = new Map([
  ['/chat', 'chat'],
  ['/compare', 'compare'],
]);

const FILE = /^\/page\/([\w.-]+)$/;

// Only the page's own files and WebSockets: nothing in an agent's output can run or load, except
// inline images, and no other page can embed this one in a frame.
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  // The page's URL may contain the token.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Serves the page to the operator. The page and its WebSockets are loaded with the first request. */
export function createPageRoutes(open: () => Promise<ServedPage>): {
  readonly routes: readonly Route[];
  close(): Promise<void>;
} {
  let opened: Promise<ServedPage> | undefined;
  let sockets: Promise<WebSocketServer> | undefined;
  const page = () =>
    (opened ??= open().catch((error) => {
      // The next request tries again.
      opened = undefined;
      throw error;
    }));

  async function findFile(path: string): Promise<PageFile | undefined> {
    const name = DOCUMENTS.get(path) ?? FILE.exec(path)?.[1];
    return name === undefined ? undefined : (await page()).file(name);
  }

  const files: Route = {
    operatorOnly: true,
    matches: ({ path }) => DOCUMENTS.has(withoutQuery(path)) || FILE.test(withoutQuery(path)),
    async handle(request, response, { path }) {
      request.resume();
      const own = withoutQuery(request.url!);
      if (withoutQuery(path) === '/' && !own.endsWith('/')) {
        // For `/@TOKEN`, the page's relative URLs resolve only with a trailing slash.
        response.writeHead(308, { ...HEADERS, location: `${own}/` }).end();
        return;
      }
      let file: PageFile | undefined;
      try {
        file = await findFile(withoutQuery(path));
      } catch (error) {
        return fail(response, 500, `The page could not be loaded: ${(error as Error).message}`);
      }
      if (!file) return fail(response, 404, `${path} does not exist.`);
      response.writeHead(200, {
        ...HEADERS,
        'content-type': file.contentType,
        'content-length': file.content.length,
      });
      response.end(file.content);
    },
  };

  const webSockets: Route = {
    operatorOnly: true,
    matches: ({ path }) => SOCKETS.has(withoutQuery(path)),
    async upgrade(request, socket, head, { path }) {
      sockets ??= import('ws').then(
        ({ WebSocketServer: Server }) => new Server({ noServer: true }),
      );
      const ready = await Promise.all([sockets, page()]).catch(() => null);
      if (ready === null) return void socket.destroy();
      const [server, { connect }] = ready;
      const name = SOCKETS.get(withoutQuery(path))!;
      server.handleUpgrade(request, socket, head, (webSocket) =>
        connect(asPageSocket(webSocket), name),
      );
    },
  };

  return {
    routes: [files, webSockets],
    async close() {
      // A page that could not be opened has reported why.
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

function withoutQuery(path: string): string {
  return path.split('?', 1)[0]!;
}

function fail(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${reason}\n`);
}

/** The WebSocket close code for a message that violates a policy. */
const POLICY_VIOLATION = 1008;

function asPageSocket(socket: WebSocket): PageSocket {
  // An error closes the socket, which is handled by its `close` event.
  socket.on('error', () => {});
  return {
    send: (message) => socket.send(message),
    // By default the package passes every message as a Buffer, although its types allow others.
    onMessage: (listener) => socket.on('message', (data) => listener((data as Buffer).toString())),
    onClose: (listener) => socket.once('close', listener),
    refuse: (reason) => socket.close(POLICY_VIOLATION, reason),
  };
}
