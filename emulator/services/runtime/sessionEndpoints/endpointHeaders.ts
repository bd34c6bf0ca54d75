import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { AgentSource } from '../../../agentSource.ts';

/** Headers that concern one connection only. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers of a signature, which is valid only for the caller's own request. */
const SIGNATURE = new Set(['x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token']);

/** Returns a request's headers for the server in the machine, as a flat list. */
export function headersToServer(
  headers: IncomingHttpHeaders,
  {
    source,
    port,
    prefix,
  }: {
    readonly source: Pick<AgentSource, 'authorizer' | 'headerAllowlist'>;
    readonly port: number;
    readonly prefix: string;
  },
): string[] {
  const dropped = new Set([...HOP_BY_HOP, ...listed(headers.connection), ...SIGNATURE, 'host']);
  // As for invocations, the agent gets its callers' tokens only if it asks for them.
  const passesToken =
    source.authorizer && source.headerAllowlist.some((name) => /^authorization$/i.test(name));
  if (!passesToken) dropped.add('authorization');
  const list = ['host', `localhost:${port}`];
  for (const [name, values] of Object.entries(headers)) {
    if (values === undefined || dropped.has(name) || name.startsWith(':')) continue;
    for (const value of Array.isArray(values) ? values : [values]) list.push(name, value);
  }
  const host = headers[':authority']?.toString() ?? headers.host;
  if (host !== undefined) list.push('x-forwarded-host', host);
  list.push('x-forwarded-proto', 'http');
  if (prefix !== '') list.push('x-forwarded-prefix', prefix);
  // Node sends a body of unknown length in chunks only for some methods.
  if (headers['transfer-encoding'] !== undefined) list.push('transfer-encoding', 'chunked');
  return list;
}

/**
 * Returns a response's headers for the caller, as a flat list. Redirects stay at the endpoint. A page
 * below a prefix has the emulator's origin, so it is sandboxed: it must not act as the emulator's user.
 */
export function headersToCaller(
  { rawHeaders, headers }: Pick<IncomingMessage, 'rawHeaders' | 'headers'>,
  { port, prefix }: { readonly port: number; readonly prefix: string },
): string[] {
  const dropped = new Set([...HOP_BY_HOP, ...listed(headers.connection)]);
  const list: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    const value = rawHeaders[index + 1]!;
    if (dropped.has(name.toLowerCase())) continue;
    list.push(name, name.toLowerCase() === 'location' ? locate(value, port, prefix) : value);
  }
  if (prefix !== '') {
    list.push(
      'content-security-policy',
      'sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts',
    );
  }
  return list;
}

/** Removes the parameters of a presigned URL, which are useless to the server. */
export function withoutSignature(path: string): string {
  const [pathname = '', ...rest] = path.split('?');
  if (rest.length === 0) return path;
  const kept = rest
    .join('?')
    .split('&')
    .filter(
      (parameter) =>
        !/^X-Amz-(?:Algorithm|Credential|Date|Expires|Security-Token|SignedHeaders|Signature)=/i.test(
          parameter,
        ),
    );
  return kept.length === 0 ? pathname : `${pathname}?${kept.join('&')}`;
}

function locate(location: string, port: number, prefix: string): string {
  const own = /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)(\/.*)?$/is.exec(location);
  const path = own && Number(own[1]) === port ? (own[2] ?? '/') : location;
  return path.startsWith('/') && !path.startsWith('//') ? prefix + path : location;
}

function listed(connection: string | undefined): string[] {
  return (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
}
