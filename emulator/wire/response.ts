import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { pipeline, Readable } from 'node:stream';
import type { Member } from '../../src/shared/awsModel/schema.ts';
import type { frameEvents } from './eventStream.ts';
import { writeJson } from './json.ts';
import type { Operation } from './operations.ts';
import type { WireError } from './errors.ts';
import type { StreamingBody } from './streamingBody.ts';

/** The context of a response. */
export interface ResponseContext {
  readonly requestId: string;
  /** Headers of a success in addition to those of the operation's output. */
  readonly outputHeaders: Readonly<OutgoingHttpHeaders>;
  /** Converts a thrown value, also while a stream is being written. */
  toWireError(error: unknown): WireError;
}

/** Writes an operation's output by its schema: status, headers, and a body of any kind. */
export function writeOutput(
  operation: Operation,
  handlerOutput: object,
  response: ServerResponse,
  { requestId, outputHeaders, toWireError }: ResponseContext,
): void {
  const output = handlerOutput as Readonly<Record<string, unknown>>;
  const headers: OutgoingHttpHeaders = { ...outputHeaders, 'x-amzn-requestid': requestId };
  let { status } = operation;
  let payload: Member | undefined;
  let hasBody = false;
  for (const member of operation.output.members.values()) {
    const value = output[member.name];
    switch (member.location) {
      case 'payload':
        payload = member;
        break;
      case 'header':
        // Every response header of AgentCore is a string.
        if (value !== undefined) headers[member.wireName] = value as string;
        break;
      case 'status':
        if (typeof value === 'number') status = value;
        break;
      case 'body':
        hasBody = true;
        break;
      case 'label':
      case 'query':
        throw new Error(`${member.name} of a response cannot be in a request's path`);
    }
  }

  if (payload) {
    const { name, schema } = payload;
    if (schema.type === 'blob' && !schema.isStreaming) {
      send(response, status, headers, output[name] as Uint8Array);
    } else if (schema.type === 'blob') {
      sendStream(response, status, headers, output[name] as StreamingBody);
    } else if (schema.isStreaming) {
      // Skips the events if the client has disconnected.
      if (isDisconnected(response)) return;
      const events = output[name] as AsyncIterable<Record<string, unknown>>;
      headers['content-type'] = 'application/vnd.amazon.eventstream';
      response.writeHead(status, headers).flushHeaders();
      pipeline(Readable.from(framed(schema, events, toWireError)), response, () => {});
    } else {
      send(response, status, headers, writeJson(schema, output[name]));
    }
  } else if (hasBody) {
    send(response, status, headers, writeJson(operation.output, output));
  } else {
    send(response, status, headers, status === 204 ? undefined : Buffer.from('{}'));
  }
}

/** Loads the event stream codec with the first stream. */
async function* framed(...stream: Parameters<typeof frameEvents>): AsyncGenerator<Uint8Array> {
  const events = await import('./eventStream.ts');
  yield* events.frameEvents(...stream);
}

/** The parts of an error response that depend on its format. */
export interface ErrorResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Formats an error for the clients of a protocol. */
export type ErrorFormat = (error: WireError) => ErrorResponse;

/** AWS's format, which the SDKs turn into the error's own class. */
export function awsErrorFormat(error: WireError): ErrorResponse {
  return {
    status: error.status,
    contentType: 'application/json',
    body: JSON.stringify({ message: error.message, ...error.members }),
  };
}

/** Writes an error, by default in AWS's format. The SDKs find its name in the headers of any format. */
export function writeError(
  error: WireError,
  response: ServerResponse,
  requestId: string,
  format: ErrorFormat = awsErrorFormat,
): void {
  const { status, contentType, body } = format(error);
  const headers = {
    ...error.headers,
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': error.name,
    'content-type': contentType,
  };
  send(response, status, headers, Buffer.from(body));
}

/** Writes a JSON document that is not an operation's output. */
export function writeDocument(document: object, response: ServerResponse, requestId: string): void {
  send(response, 200, { 'x-amzn-requestid': requestId }, Buffer.from(JSON.stringify(document)));
}

function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Uint8Array | undefined,
): void {
  if (body) {
    headers['content-type'] ??= 'application/json';
    headers['content-length'] = body.length;
  }
  response.writeHead(status, headers);
  response.end(body);
}

function sendStream(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: StreamingBody,
): void {
  const { stream } = body;
  response.writeHead(status, { ...headers, ...body.headers });
  // A stream may pause before its first chunk, so the headers are sent now.
  if (body.headers['content-length'] === undefined) response.flushHeaders();
  if (isDisconnected(response)) return body.abandoned();
  // Checks writableEnded, because HTTP/2 emits 'finish' also after a disconnect.
  response.on('close', () => {
    if (response.writableEnded) return;
    stream.off('data', forward);
    body.abandoned();
  });
  const isBetweenEvents = body.lastEvent ? watchEvents(stream) : () => false;
  stream.on('error', () => {});
  stream.on('close', () => {
    if (stream.readableEnded) return;
    if (!body.lastEvent || !isBetweenEvents()) return abortResponse(response);
    void body.lastEvent().then((event) => response.end(event));
  });
  if (body.observe) stream.on('data', body.observe);
  // Not a pipeline, which would destroy the source after a disconnect. The agent keeps running. Not a
  // pipe, which adds and removes six listeners for each response.
  function forward(chunk: Buffer): void {
    if (!response.write(chunk)) stream.pause();
  }
  response.on('drain', () => stream.resume());
  stream.on('data', forward).on('end', () => response.end());
}

/** Returns a check whether the bytes so far end with a complete event. */
function watchEvents(stream: Readable): () => boolean {
  let tail = '\n\n';
  stream.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.subarray(-4).toString('latin1')).slice(-4);
  });
  return () => /\n\r?\n$/.test(tail);
}

/** True if the client has closed its connection or HTTP/2 stream. */
export function isDisconnected(response: ServerResponse): boolean {
  return isHttp2(response) ? response.stream.destroyed : response.destroyed;
}

/** INTERNAL_ERROR of RFC 9113. */
const INTERNAL_ERROR = 2;

/** Calls back if the client disconnects before the end of the response; immediately if it already has. */
export function onDisconnected(response: ServerResponse, listener: () => void): void {
  if (isDisconnected(response)) return listener();
  response.once('close', () => {
    if (!response.writableEnded) listener();
  });
}

/** Aborts a response, so that clients notice that it is incomplete. */
export function abortResponse(response: ServerResponse): void {
  // An HTTP/2 connection carries other streams, so only this one is closed.
  if (isHttp2(response)) response.stream.close(INTERNAL_ERROR);
  else response.destroy();
}

// Checks a property, because importing the class would load HTTP/2 for all clients.
function isHttp2(response: ServerResponse | Http2ServerResponse): response is Http2ServerResponse {
  return 'stream' in response;
}
