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
import { ModelError, toModelError } from './modelError.ts';

/** A model protocol that is not AWS's: its endpoints, and the format of its errors. */
export interface ModelProtocol {
  /** The response header with the ID of the request. */
  readonly requestIdHeader: string;
  /** The endpoints by method and path below the base URL, such as `GET /v1/models/{model}`. */
  readonly endpoints: Readonly<Record<string, ModelEndpoint>>;
  formatError(error: ModelError, requestId: string): ProtocolError;
}

export interface ProtocolError {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders | undefined;
  readonly body: object;
}

export interface ModelEndpoint {
  /** The name of its spans, such as `anthropic messages`. */
  readonly operation: string;
  handle(request: ModelEndpointRequest, call: ModelCall): Promise<ModelEndpointReply>;
}

export interface ModelEndpointRequest {
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  /** The segments of the path that its endpoint names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The parsed body; an empty object without one. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A JSON document, or a stream of server-sent events as text. */
export type ModelEndpointReply =
  | { readonly json: object; readonly headers?: OutgoingHttpHeaders | undefined }
  | { readonly events: AsyncIterable<string>; readonly headers?: OutgoingHttpHeaders | undefined };

/** The largest request that Anthropic and OpenAI accept is 32 MB; Bedrock's is 25 MB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Creates the route of a protocol below a prefix, such as `/anthropic`. The protocol is loaded with its
 * first request.
 */
export function createProtocolRoute(
  prefix: string,
  load: () => Promise<ModelProtocol>,
  {
    clock,
    activity,
    logger,
  }: {
    readonly clock: Pick<Clock, 'now'>;
    readonly activity: ActivityEmitter;
    readonly logger: Logger;
  },
): Route {
  let loading: Promise<ModelProtocol> | undefined;

  function find({ endpoints }: ModelProtocol, method: string, path: string): FoundEndpoint {
    const [rawPath = ''] = path.slice(prefix.length).split('?');
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const parameters = match(name, `${method} ${rawPath || '/'}`);
      if (parameters) return { endpoint, parameters };
    }
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
    const protocol = await (loading ??= load());
    response.setHeader(protocol.requestIdHeader, requestId);
    try {
      const { endpoint, parameters } = find(protocol, method, path);
      ({ operation } = endpoint);
      const body = await readJsonBody(request);
      write(response, await endpoint.handle({ requestId, headers, parameters, body }, call));
    } catch (error) {
      request.resume();
      if (!isDisconnected(response)) refuse(protocol, error, response, requestId);
    }
    const status = isDisconnected(response) ? CLIENT_CLOSED : response.statusCode;
    const more = await detail;
    activity.emit({ type: 'span', span: { ...endSpan(operation, status), ...more } });
  }

  function refuse(
    protocol: ModelProtocol,
    error: unknown,
    response: ServerResponse,
    requestId: string,
  ): void {
    if (!(error instanceof ModelError)) logger.error((error as Error).stack ?? String(error));
    const { status, headers, body } = protocol.formatError(toModelError(error), requestId);
    writeJson(response, status, body, headers);
  }

  return {
    matches: ({ path }) => path.startsWith(prefix) && /^[/?]?$/.test(path.charAt(prefix.length)),
    handle: respond,
  };
}

interface FoundEndpoint {
  readonly endpoint: ModelEndpoint;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Matches a method and path with an endpoint's. Returns the values of its named segments. */
function match(endpoint: string, line: string): Record<string, string> | null {
  const expected = endpoint.split('/');
  const actual = line.split('/');
  if (expected.length !== actual.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index]!;
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined && segment !== value) return null;
    if (name !== undefined) parameters[name] = decodeSegment(value);
  }
  return parameters;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function write(response: ServerResponse, reply: ModelEndpointReply): void {
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
