import { createHash } from 'node:crypto';
import type { SignedMessage } from './credential.ts';

/** The form of a request that is signed: AWS's SDKs and we make it, each from what they have. */
export function canonicalRequest(
  { method, target, headers }: Omit<SignedMessage, 'body'>,
  signedHeaders: readonly string[],
  hash: string,
  path = canonicalPath(pathOf(target)),
): string {
  const lines = signedHeaders.map((name) => `${name}:${valueOf(headers, name)}`);
  return [method, path, canonicalQuery(target), ...lines, '', signedHeaders.join(';'), hash].join(
    '\n',
  );
}

/** What of a request's target is its path, with all its encoding. */
export function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

/** A request's body as it is signed: by its hash, unless its sender did not read it before. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** What the body is to hash to. */
export function payloadHash(headers: SignedMessage['headers'], body: Buffer): string {
  if (headers['x-amz-content-sha256'] === UNSIGNED_PAYLOAD) return UNSIGNED_PAYLOAD;
  return createHash('sha256').update(body).digest('hex');
}

/** The path as it is sent, encoded once more: S3 alone has it signed as it is. */
export function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(encode(segment));
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${end}`;
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

function valueOf(headers: SignedMessage['headers'], name: string): string {
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
