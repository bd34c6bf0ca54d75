import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request that a model server received. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that stands in for a model provider, which needs an account. */
export interface ModelServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
}

/** Starts a server that responds as the function does. */
export async function useModelServer(
  respond: (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>,
): Promise<ModelServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const { method, url: path = '', headers } = incoming;
      const body = method === 'POST' ? ((await json(incoming)) as ReceivedRequest['body']) : {};
      const received = { path, headers, body };
      requests.push(received);
      await respond(received, response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests };
}

/** Sends server-sent events. */
export function sendEvents(response: ServerResponse, events: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    const type = 'type' in event ? `event: ${String(event.type)}\n` : '';
    response.write(`${type}data: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}
