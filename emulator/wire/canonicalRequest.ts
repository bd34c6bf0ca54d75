import { createHash } from 'node:crypto';
import type { SignedMessage } from './credential.ts';

/** Builds the canonical request of SigV4, which the signature covers. */
export function canonicalRequest(
  { method, target, headers }: Omit<SignedMessage, 'body'>,
  signedHeaders: readonly string[],
  hash: string,
  path = canonicalPath(readPath(target)),
): string {
  const lines = signedHeaders.map((name) => `${name}:${canonicalValue(headers, name)}`);
  return [method, path, canonicalQuery(target), ...lines, '', signedHeaders.join(';'), hash].join(
    '\n',
  );
}

/** Returns the encoded path of a request target. */
export function readPath(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

/** The payload hash of a request that is signed without its body. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** Returns the payload hash that the signature covers. */
export function payloadHash(headers: SignedMessage['headers'], body: Buffer): string {
  if (headers['x-amz-content-sha256'] === UNSIGNED_PAYLOAD) return UNSIGNED_PAYLOAD;
  return createHash('sha256').update(body).digest('hex');
}

/** Returns the normalized path, encoded a second time as for all services but S3. */
export function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function canonicalQuery(target: string): string {
  const queryAt = target.indexOf('?');
  if (queryAt < 0) return '';
  return target
    .slice(queryAt + 1)
    .split('&')
    .filter((part) => part !== '' && !/^X-Amz-Signature(?:=|$)/i.test(part))
    .map((part): [string, string] => {
      const [name = '', ...value] = part.split('=');
      return [recode(name), recode(value.join('='))];
    })
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');
}

function canonicalValue(headers: SignedMessage['headers'], name: string): string {
  const sent = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const value = sent ?? (name === 'host' ? headers[':authority'] : undefined);
  const text = Array.isArray(value) ? value.join(',') : value;
  return (text ?? '').trim().replaceAll(/\s+/g, ' ');
}

function recode(text: string): string {
  try {
    return encode(decodeURIComponent(text));
  } catch {
    return encode(text);
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
