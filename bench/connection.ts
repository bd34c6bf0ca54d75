import { Agent, request, type OutgoingHttpHeaders } from 'node:http';

/** A complete response. Times are milliseconds since the request was sent. */
export interface TimedResponse {
  readonly body: string;
  /** The received chunks, with times by the machine's clock. */
  readonly chunks: readonly { readonly text: string; readonly at: number }[];
  readonly firstByte: number;
  readonly total: number;
}

/** A connection that is reused for all requests. */
export interface ReusedConnection {
  send(
    method: 'GET' | 'POST',
    path: string,
    headers?: OutgoingHttpHeaders,
    body?: string,
  ): Promise<TimedResponse>;
  close(): void;
}

/** Opens a connection to a port of this machine with the first request. */
export function openConnection(port: number): ReusedConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    send(method, path, headers = {}, body = '') {
      return new Promise((resolve, reject) => {
        const began = performance.now();
        const sent = request({ agent, host: '127.0.0.1', port, method, path }, (response) => {
          const chunks: { text: string; at: number }[] = [];
          let firstByte = 0;
          response.setEncoding('utf8');
          response.on('data', (text: string) => {
            const at = performance.now();
            if (chunks.push({ text, at: performance.timeOrigin + at }) === 1)
              firstByte = at - began;
          });
          response.once('error', reject);
          response.once('end', () => {
            const total = performance.now() - began;
            const text = chunks.map((chunk) => chunk.text).join('');
            if (isSuccess(response.statusCode)) resolve({ body: text, chunks, firstByte, total });
            else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${text}`));
          });
        });
        for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value!);
        sent.setHeader('content-length', Buffer.byteLength(body));
        sent.once('error', reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function isSuccess(status = 0): boolean {
  return status >= 200 && status < 300;
}
