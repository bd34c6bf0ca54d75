import type { IncomingHttpHeaders } from 'node:http';

/** How a request came here, which says by what name and base path its sender knows us. */
export interface Visit {
  readonly headers: IncomingHttpHeaders;
  /** The request's target as it came, base path and query included. */
  readonly target: string;
}

/** All of a request that its sender can have signed. */
export interface SignedMessage extends Visit {
  readonly method: string;
  readonly body: Buffer;
}

/** A request that is to be admitted: its caller is whoever holds the address that it came by. */
export interface Sender extends SignedMessage {
  readonly caller: unknown;
}

interface Bearer {
  readonly kind: 'bearer';
  readonly token: string;
}

/** By what a request says who sends it; whether that is so is another matter. */
export type Credential = Bearer | { readonly kind: 'signature' } | { readonly kind: 'none' };

/** How a browser, which cannot send headers with a web socket, sends a token: as a subprotocol. */
export const BEARER_PROTOCOL = 'base64UrlBearerAuthorization';

/** Reads the credential in all the forms that AgentCore takes it. */
export function credentialOf({ headers, target }: Visit): Credential {
  const { authorization } = headers;
  if (authorization === undefined) return inSubprotocol(headers) ?? inQuery(target);
  const [, token] = /^Bearer\s+(\S.*)$/i.exec(authorization) ?? [];
  if (token !== undefined) return { kind: 'bearer', token };
  return { kind: /^AWS4-/i.test(authorization) ? 'signature' : 'none' };
}

function inSubprotocol(headers: IncomingHttpHeaders): Bearer | undefined {
  const prefix = `${BEARER_PROTOCOL}.`;
  const offered = subprotocols(headers).find((name) => name.startsWith(prefix));
  if (offered === undefined) return undefined;
  const token = Buffer.from(offered.slice(prefix.length), 'base64url').toString('utf8');
  return { kind: 'bearer', token };
}

function inQuery(target: string): Credential {
  return { kind: /[?&]X-Amz-Signature=/i.test(target) ? 'signature' : 'none' };
}

/** The same headers as a client sends them that is free to: the token not among the subprotocols. */
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

/** What a web socket's client offers to speak, in its order. */
export function subprotocols(headers: IncomingHttpHeaders): string[] {
  const offered = headers['sec-websocket-protocol'] ?? '';
  return offered
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
