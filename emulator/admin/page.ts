import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';

/** A page that the emulator serves and knows nothing of: files, and a web socket to talk by. */
export interface Page {
  /** A file by its name, such as `index.html`; undefined where there is none of that name. */
  file(name: string): Promise<PageFile | undefined>;
  /** A web socket of this name has been opened by the page. */
  connect(socket: PageSocket, name: PageSocketName): void;
}

/** The web sockets of a page. */
export type PageSocketName = 'chat' | 'compare';

/** One of the page's files. */
export interface PageFile {
  readonly contentType: string;
  readonly content: Buffer;
}

/** The page's web socket: messages of text, both ways. */
export interface PageSocket {
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
  onClose(listener: () => void): void;
  /** Closes it because of what came, and says why in at most 123 letters of ASCII. */
  refuse(why: string): void;
}

/** Where the page is entered, by requests that were admitted. */
export interface PageDoor {
  /** Whether this path is the page's; its own paths are those of `DOCUMENTS`, and `/page/…`. */
  has(path: string): boolean;
  serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** Whether a web socket may be opened there. */
  hasSocket(path: string): boolean;
  /** Takes a connection over as the page's web socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): Promise<void>;
}

/** What has an address of its own, and its file. */
const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['/', 'index.html'],
  ['/compare', 'compare.html'],
]);

const SOCKETS: ReadonlyMap<string, PageSocketName> = new Map([
  ['/chat', 'chat'],
  ['/compare', 'compare'],
]);

const FILE = /^\/page\/([\w.-]+)$/;

// Nothing but the page's own files and its own socket: whatever an agent says, nothing of it can
// run or load (an image within what it says need not), and no other page can put this one into a frame.
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
  // The page's address may hold the token.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Makes the page's door. The page, and what carries its socket, are loaded with the first visit. */
export function createPageDoor(open: () => Promise<Page>): PageDoor {
  let opened: Promise<Page> | undefined;
  let sockets: Promise<WebSocketServer> | undefined;
  const page = () =>
    (opened ??= open().catch((error) => {
      // The next visit tries again.
      opened = undefined;
      throw error;
    }));

  async function fileOf(path: string): Promise<PageFile | undefined> {
    const name = DOCUMENTS.get(path) ?? FILE.exec(path)?.[1];
    return name === undefined ? undefined : (await page()).file(name);
  }

  return {
    has: (path) => DOCUMENTS.has(withoutQuery(path)) || FILE.test(withoutQuery(path)),
    hasSocket: (path) => SOCKETS.has(withoutQuery(path)),

    async serve(request, response, path) {
      request.resume();
      const own = withoutQuery(request.url!);
      if (withoutQuery(path) === '/' && !own.endsWith('/')) {
        // `/@TOKEN`: what the page names is found beside it only with the slash.
        response.writeHead(308, { ...HEADERS, location: `${own}/` }).end();
        return;
      }
      let file: PageFile | undefined;
      try {
        file = await fileOf(withoutQuery(path));
      } catch (error) {
        return fail(response, 500, `The page cannot be opened: ${(error as Error).message}`);
      }
      if (!file) return fail(response, 404, `The page has no ${path}`);
      response.writeHead(200, {
        ...HEADERS,
        'content-type': file.contentType,
        'content-length': file.content.length,
      });
      response.end(file.content);
    },

    async upgrade(request, socket, head, path) {
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
}

function withoutQuery(path: string): string {
  return path.split('?', 1)[0]!;
}

function fail(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${why}\n`);
}

/** The standard's number for a message that broke the rules. */
const POLICY_VIOLATION = 1008;

function asPageSocket(socket: WebSocket): PageSocket {
  // Whatever goes wrong with it closes it, and that is heard.
  socket.on('error', () => {});
  return {
    send: (message) => socket.send(message),
    // By default the package gives every message as a Buffer, whatever its types allow.
    onMessage: (listener) => socket.on('message', (data) => listener((data as Buffer).toString())),
    onClose: (listener) => socket.once('close', listener),
    refuse: (why) => socket.close(POLICY_VIOLATION, why),
  };
}
