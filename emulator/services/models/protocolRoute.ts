import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { CLIENT_CLOSED } from '../../../src/shared/session.ts';
import type { ActivityEmitter } from '../../activity.ts';
import type { Clock } from '../../clock.ts';
import type { Route, RoutedRequest } from '../../http/route.ts';
import type { Logger } from '../../log.ts';
import { startSpan, type SpanDetail } from '../../span.ts';
import { isDisconnected, onDisconnected } from '../../wire/response.ts';
import type { ModelCall } from './modelCalls.ts';
import { ModelError } from './modelError.ts';

/** A model protocol that is not AWS's: its endpoints below a prefix, and the format of its errors. */
export interface Protocol {
  /** The path of the protocol's base URL, such as `/anthropic`. */
  readonly prefix: string;
  /** The endpoints by method and path below the prefix, such as `POST /v1/messages`. */
  readonly endpoints: Readonly<Record<string, ProtocolEndpoint>>;
  formatError(error: ModelError, requestId: string): ProtocolError;
}

export interface ProtocolError {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders | undefined;
  readonly body: object;
}

export interface ProtocolEndpoint {
  /** The name of its spans, such as `anthropic messages`. */
  readonly operation: string;
  handle(request: ProtocolRequest, call: ModelCall): Promise<ProtocolReply>;
}

export interface ProtocolRequest {
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; an empty object without one. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A JSON document, or a stream of server-sent events as text. */
export type ProtocolReply =
  | { readonly json: object; readonly headers?: OutgoingHttpHeaders | undefined }
  | { readonly events: AsyncIterable<string>; readonly headers?: OutgoingHttpHeaders | undefined };

/** The largest request that Anthropic and OpenAI accept is 32 MB; Bedrock's is 25 MB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Creates the route of a protocol. */
export function createProtocolRoute(
  protocol: Protocol,
  { clock, activity, logger }: { clock: Clock; activity: ActivityEmitter; logger: Logger },
): Route {
  const { prefix, endpoints } = protocol;

  function find(method: string, path: string): ProtocolEndpoint {
    const [rawPath = ''] = path.slice(prefix.length).split('?');
    const endpoint = endpoints[`${method} ${rawPath}`];
    if (endpoint) return endpoint;
    const known = Object.keys(endpoints).map((name) => name.replace(' ', ` ${prefix}`));
    throw new ModelError(
      'notFound',
      `${method} ${prefix}${rawPath} is not emulated. Emulated: ${known.join(', ')}.`,
    );
  }

  async function respond(
    request: IncomingMessage,
    response: ServerResponse,
    { method, path, caller }: RoutedRequest,
  ): Promise<void> {
    const requestId = randomUUID();
    const { headers } = request;
    const endSpan = startSpan({ requestId, headers, caller }, clock);
    let operation = `${method} ${path.split('?')[0]}`;
    let detail: Promise<SpanDetail> | undefined;
    const call: ModelCall = {
      caller,
      onDisconnected: (listener) => onDisconnected(response, listener),
      addToSpan: (promise) => void (detail = promise),
    };
    try {
      const endpoint = find(method, path);
      ({ operation } = endpoint);
      const body = await readJsonBody(request);
      write(response, await endpoint.handle({ requestId, headers, body }, call));
    } catch (error) {
      if (isDisconnected(response)) request.resume();
      else refuse(error, request, response, requestId);
    }
    const status = isDisconnected(response) ? CLIENT_CLOSED : response.statusCode;
    const more = await detail;
    activity.emit({ type: 'span', span: { ...endSpan(operation, status), ...more } });
  }

  function refuse(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): void {
    request.resume();
    if (!(error instanceof ModelError)) logger.error((error as Error).stack ?? String(error));
    const known =
      error instanceof ModelError
        ? error
        : new ModelError('modelError', `The emulator failed: ${(error as Error).message}`);
    const { status, headers, body } = protocol.formatError(known, requestId);
    writeJson(response, status, body, headers);
  }

  return {
    matches: ({ path }) => path.startsWith(`${prefix}/`),
    handle: respond,
  };
}

function write(response: ServerResponse, reply: ProtocolReply): void {
  if ('json' in reply) return writeJson(response, 200, reply.json, reply.headers);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...reply.headers,
  });
  response.flushHeaders();
  pipeline(Readable.from(reply.events), response, () => {});
}

function writeJson(
  response: ServerResponse,
  status: number,
  document: object,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = Buffer.from(JSON.stringify(document));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...headers,
  });
  response.end(body);
}

async function readJsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new ModelError('tooLarge', `The request body exceeds ${MAX_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  if (length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new ModelError(
      'invalid',
      `The request body is not valid JSON: ${(error as Error).message}`,
    );
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ModelError('invalid', 'The request body must be a JSON object.');
  }
  return body as Record<string, unknown>;
}
