import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caller } from '../caller.ts';

/** The method and raw path of a request: as sent, or as a service rewrote them. */
export interface RequestLine {
  readonly method: string;
  /** The query included. */
  readonly path: string;
}

/** An admitted request with its calling session, if any. */
export interface RoutedRequest extends RequestLine {
  readonly caller: Caller | null;
}

/**
 * A route whose URLs are secret. Only a client that knows such a URL can send it, so its Host, its
 * Origin and the operator's token are not checked. The route authorizes nothing else.
 */
export interface SecretUrlRoute {
  matches(line: RequestLine, host: string | undefined): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** An HTTP endpoint that is not an AWS operation. The first route that matches handles a request. */
export interface Route {
  /** Excludes requests by session URLs. */
  readonly operatorOnly?: boolean;
  matches(line: RequestLine): boolean;
  /** Responds to the request. A thrown WireError is written in AWS's format. */
  handle?(
    request: IncomingMessage,
    response: ServerResponse,
    routed: RoutedRequest,
  ): void | Promise<void>;
  /** Takes over the connection as a WebSocket. Routes without it do not match upgrades. */
  upgrade?(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    routed: RoutedRequest,
  ): Promise<void>;
}
