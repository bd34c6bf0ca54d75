import { text as readText } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { WebSocket, type RawData } from 'ws';
import { asString, membersOf, parseJson } from '../core/invocation/json.ts';
import { readProtocolError } from '../core/invocation/protocolError.ts';
import type { AgentSocket, SocketListener } from '../core/agents/invocation.ts';
import type { SocketClose } from '../core/agents/socketConnection.ts';
import type { SdkRequest } from './sdkMessages.ts';

/** AgentCore lets no frame pass of more than 64 KB; a message may have as many as it likes. */
const LONGEST_FRAME = 60_000;

/** What an agent may say at once: what is longer is not read to its end anyway. */
const LONGEST_MESSAGE = 64_000_000;

/** How long the other end has to say goodbye as well. */
const GOODBYE_MILLISECONDS = 1000;

/** A request of the SDK's before it is signed. */
interface UnsignedRequest extends SdkRequest {
  method: string;
  path: string;
  body: unknown;
}

/** A request of the SDK's that is ready to be sent. */
interface SignedRequest extends UnsignedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly query?: Record<string, string>;
}

/** A web socket was refused, in the words of whoever did. */
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
 * Opens a web socket to where an invocation would be sent, by whoever would send it: it is no operation of
 * the SDK's, so the client signs an invocation that is made into the request for it, and does not send it.
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
    // After the signature, and after the token that takes its place.
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
      maxPayload: LONGEST_MESSAGE,
    });
    const abandon = () => {
      reject(signal.reason as Error);
      socket.terminate();
    };
    signal.addEventListener('abort', abandon, { once: true });
    // Of an open one, the close that follows tells more.
    socket.on('error', reject);
    socket.once('open', () => {
      signal.removeEventListener('abort', abandon);
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      void explain(response).then(reject, reject);
    });
  });
}

async function explain(response: IncomingMessage): Promise<SocketRefusedError> {
  const { statusCode, headers } = response;
  const body = await readText(response);
  const [name] = String(headers['x-amzn-errortype'] ?? `Status ${statusCode}`).split(':');
  return new SocketRefusedError(name!, readProtocolError(body) ?? messageIn(body), statusCode);
}

function messageIn(body: string): string {
  const { message, Message } = membersOf(parseJson(body));
  return asString(message) ?? asString(Message) ?? body;
}

/** A web socket as those who speak over it have it. */
export function asAgentSocket(socket: WebSocket): AgentSocket {
  let listener: SocketListener | null = null;
  const early: ((to: SocketListener) => void)[] = [];
  const tell = (what: (to: SocketListener) => void) => {
    if (listener) what(listener);
    else early.push(what);
  };
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const bytes = data as Buffer;
    tell((to) => (isBinary ? to.onBinary(bytes.length) : to.onText(bytes.toString())));
  });
  socket.once('close', (code: number, reason: Buffer) => {
    const end: SocketClose = { code, reason: reason.toString() };
    tell((to) => to.onClosed(end));
  });
  return {
    send(text) {
      const bytes = Buffer.from(text);
      for (let from = 0; from === 0 || from < bytes.length; from += LONGEST_FRAME) {
        const to = from + LONGEST_FRAME;
        socket.send(bytes.subarray(from, to), { binary: false, fin: to >= bytes.length });
      }
    },
    listen(next) {
      listener = next;
      for (const what of early.splice(0)) what(next);
    },
    close() {
      socket.close(1000);
      setTimeout(() => socket.terminate(), GOODBYE_MILLISECONDS).unref();
    },
  };
}
