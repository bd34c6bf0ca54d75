import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../caller.ts';

/** The headers and target of a request. */
export interface RequestHead {
  readonly headers: IncomingHttpHeaders;
  /** The request target as sent, base path and query included. */
  readonly target: string;
}

/** The parts of a request that a signature can cover. */
export interface SignedMessage extends RequestHead {
  readonly method: string;
  readonly body: Buffer;
}

/** A request with the session whose URL it used; null for any other caller. */
export interface AttributedRequest extends SignedMessage {
  readonly caller: Caller | null;
}

interface Bearer {
  readonly kind: 'bearer';
  readonly token: string;
}

/** The kind of credential in a request. It is not verified yet. */
export type Credential = Bearer | { readonly kind: 'signature' } | { readonly kind: 'none' };

/** The subprotocol that carries a browser's token: browsers cannot set headers on WebSockets. */
export const BEARER_PROTOCOL = 'base64UrlBearerAuthorization';

/** Reads the credential in every form that AgentCore accepts. */
export function readCredential({ headers, target }: RequestHead): Credential {
  const { authorization } = headers;
  if (authorization === undefined) return inSubprotocol(headers) ?? inQuery(target);
  const [, token] = /^Bearer\s+(\S.*)$/i.exec(authorization) ?? [];
  if (token !== undefined) return { kind: 'bearer', token };
  return { kind: /^AWS4-/i.test(authorization) ? 'signature' : 'none' };
}

function inSubprotocol(headers: IncomingHttpHeaders): Bearer | undefined {
  if (headers['sec-websocket-protocol'] === undefined) return undefined;
  const prefix = `${BEARER_PROTOCOL}.`;
  const offered = subprotocols(headers).find((name) => name.startsWith(prefix));
  if (offered === undefined) return undefined;
  const token = Buffer.from(offered.slice(prefix.length), 'base64url').toString('utf8');
  return { kind: 'bearer', token };
}

function inQuery(target: string): Credential {
  return { kind: /[?&]X-Amz-Signature=/i.test(target) ? 'signature' : 'none' };
}

/** Moves a token from the subprotocols to the Authorization header, where other clients send it. */
export function bearerAsHeader(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const bearer = headers.authorization === undefined ? inSubprotocol(headers) : undefined;
  if (bearer === undefined) return headers;
  const others = subprotocols(headers).filter((name) => name.split('.')[0] !== BEARER_PROTOCOL);
  const { 'sec-websocket-protocol': _, ...rest } = headers;
  return {
    ...rest,
    authorization: `Bearer ${bearer.token}`,
    ...(others.length > 0 && { 'sec-websocket-protocol': others.join(', ') }),
  };
}

/** The subprotocols that a WebSocket's client offers, in its order. */
export function subprotocols(headers: IncomingHttpHeaders): string[] {
  const offered = headers['sec-websocket-protocol'] ?? '';
  return offered
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
