import { text as readText } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { WebSocket, type RawData } from 'ws';
import { asString, readMembers, parseJson } from '../core/invocation/json.ts';
import { readProtocolError } from '../core/invocation/protocolError.ts';
import type { AgentSocket, SocketListener } from '../core/agents/invocation.ts';
import type { SocketClose } from '../core/agents/socketConnection.ts';
import type { SdkRequest } from './sdkMessages.ts';

/** Bytes of a frame. AgentCore limits frames to 64 KB, but not the number of frames of a message. */
const MAX_FRAME_BYTES = 60_000;

/** Bytes of a message from an agent. Longer messages could not be shown. */
const MAX_MESSAGE_BYTES = 64_000_000;

/** Timeout of the closing handshake. */
const CLOSE_TIMEOUT_MILLISECONDS = 1000;

/** A request of the AWS SDK before it is signed. */
interface UnsignedRequest extends SdkRequest {
  method: string;
  path: string;
  body: unknown;
}

/** A request of the AWS SDK that is ready to be sent. */
interface SignedRequest extends UnsignedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly query?: Record<string, string>;
}

/** The service or the agent refused a WebSocket. It has the name and message of the response. */
class SocketRefusedError extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number | undefined };

  constructor(name: string, message: string, httpStatusCode: number | undefined) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

/**
 * Opens a WebSocket to the session's agent. The AWS SDK has no such operation, so the client signs an
 * invocation that is rewritten into the WebSocket's request, and does not send it.
 */
export async function openAgentSocket(
  client: BedrockAgentCoreClient,
  invocation: InvokeAgentRuntimeCommand,
  signal: AbortSignal,
): Promise<WebSocket> {
  invocation.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as UnsignedRequest;
      request.method = 'GET';
      request.path = request.path.replace(/\/invocations$/, '/ws');
      request.body = undefined;
      for (const name of ['content-type', 'content-length', 'accept']) delete request.headers[name];
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  invocation.middlewareStack.add(
    () => async (args) => ({
      response: {},
      output: { $metadata: {}, request: args.request } as never,
    }),
    // Runs after signing, and after a token replaced the signature.
    { step: 'finalizeRequest', priority: 'low' },
  );
  const { request } = (await client.send(invocation, { abortSignal: signal })) as unknown as {
    request: SignedRequest;
  };
  return connect(request, signal);
}

function connect(request: SignedRequest, signal: AbortSignal): Promise<WebSocket> {
  const { protocol, hostname, port, path, query = {}, headers } = request;
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const search = new URLSearchParams(query);
  const url = `${protocol === 'http:' ? 'ws' : 'wss'}://${host}${path}?${search.toString()}`;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    const abort = () => {
      reject(signal.reason as Error);
      socket.terminate();
    };
    signal.addEventListener('abort', abort, { once: true });
    // On an open WebSocket, the close event that follows has the reason.
    socket.on('error', reject);
    socket.once('open', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      void readRefusal(response).then(reject, reject);
    });
  });
}

async function readRefusal(response: IncomingMessage): Promise<SocketRefusedError> {
  const { statusCode, headers } = response;
  const body = await readText(response);
  const [name] = String(headers['x-amzn-errortype'] ?? `Status ${statusCode}`).split(':');
  return new SocketRefusedError(name!, readProtocolError(body) ?? readMessage(body), statusCode);
}

function readMessage(body: string): string {
  const { message, Message } = readMembers(parseJson(body));
  return asString(message) ?? asString(Message) ?? body;
}

/** Wraps a WebSocket. Messages that arrive before the listener are delivered to it first. */
export function asAgentSocket(socket: WebSocket): AgentSocket {
  let listener: SocketListener | null = null;
  const undelivered: ((to: SocketListener) => void)[] = [];
  const deliver = (event: (to: SocketListener) => void) => {
    if (listener) event(listener);
    else undelivered.push(event);
  };
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const bytes = data as Buffer;
    deliver((to) => (isBinary ? to.onBinary(bytes.length) : to.onText(bytes.toString())));
  });
  socket.once('close', (code: number, reason: Buffer) => {
    const close: SocketClose = { code, reason: reason.toString() };
    deliver((to) => to.onClosed(close));
  });
  return {
    send(text) {
      const bytes = Buffer.from(text);
      for (let from = 0; from === 0 || from < bytes.length; from += MAX_FRAME_BYTES) {
        const to = from + MAX_FRAME_BYTES;
        socket.send(bytes.subarray(from, to), { binary: false, fin: to >= bytes.length });
      }
    },
    listen(next) {
      listener = next;
      for (const event of undelivered.splice(0)) event(next);
    },
    close() {
      socket.close(1000);
      setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MILLISECONDS).unref();
    },
  };
}
