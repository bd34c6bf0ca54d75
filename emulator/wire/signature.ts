import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  canonicalPath,
  canonicalRequest,
  readPath,
  payloadHash,
  UNSIGNED_PAYLOAD,
} from './canonicalRequest.ts';
import type { SignedMessage } from './credential.ts';
import { WireError } from './errors.ts';

/** An access key that requests can be signed with. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** Present for temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** The keys and scope that signatures are verified against. */
export interface SignatureRules {
  readonly keys: readonly AccessKey[];
  readonly region: string;
  /** The signing name of the service that is called. */
  readonly service: string;
  /** Real milliseconds, because signers do not know the virtual clock. */
  readonly now: number;
}

/** The signature of a request, from its headers or query. */
interface Signature {
  readonly keyId: string;
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly sessionToken: string | undefined;
  /** Seconds; null for a signature in the headers, whose validity is fixed. */
  readonly expires: number | null;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MILLISECONDS = 5 * 60_000;
/** AgentCore's maximum validity of a presigned URL, in seconds. */
const MAX_PRESIGNED_SECONDS = 300;

/** Throws AWS's error if a request's signature is missing, wrong or expired. */
export function verifySignature(message: SignedMessage, rules: SignatureRules): void {
  const signature = readSignature(message);
  const key = findKey(signature, rules.keys);
  requireScope(signature, rules);
  requireValidTime(signature, rules.now);
  const hash = payloadHash(message.headers, message.body);
  requirePayloadHash(message.headers, hash);
  const canonical = (path?: string) =>
    canonicalRequest(message, signature.signedHeaders, hash, path);
  const isSigned = (text: string) => matchesSignature(text, signature, key);
  if (isSigned(canonical()) || isSigned(withoutPort(canonical()))) return;
  const why = explainPath(readPath(message.target), (path) => isSigned(canonical(path)));
  throw mismatch(canonical(), signature, why);
}

/** Returns the ID of the key in a request's signature, without verification. */
export function readSigner(message: SignedMessage): string {
  return readSignature(message).keyId;
}

/** The request has no signature although one is required. */
export function signatureMissing(): WireError {
  return new WireError(
    'MissingAuthenticationTokenException',
    'Missing Authentication Token. The emulator was started with --auth sigv4: sign the request, as the AWS SDKs do.',
  );
}

function readSignature({ headers, target }: SignedMessage): Signature {
  const { authorization } = headers;
  return authorization === undefined
    ? readQuery(new URLSearchParams(target.split('?')[1]))
    : readHeader(authorization, headers);
}

function readHeader(authorization: string, headers: SignedMessage['headers']): Signature {
  const [algorithm, ...rest] = authorization.split(' ');
  if (algorithm !== ALGORITHM) {
    throw incomplete(`Unsupported AWS 'algorithm': '${algorithm}'. Use ${ALGORITHM}.`);
  }
  const parts = new Map(
    rest
      .join('')
      .split(',')
      .map((part) => {
        const [name = '', ...value] = part.split('=');
        return [name, value.join('=')];
      }),
  );
  return parseSignature(
    (name) => parts.get(name) ?? missing(`Authorization header requires '${name}' parameter.`),
    headers['x-amz-date']?.toString() ??
      missing("Authorization header requires existence of an 'X-Amz-Date' header."),
    headers['x-amz-security-token']?.toString(),
    null,
  );
}

function readQuery(query: URLSearchParams): Signature {
  const get = (name: string) =>
    query.get(name) ?? missing(`AWS query-string parameters must include '${name}'.`);
  if (get('X-Amz-Algorithm') !== ALGORITHM) {
    throw incomplete(`Unsupported AWS 'algorithm'. X-Amz-Algorithm must be ${ALGORITHM}.`);
  }
  const expires = get('X-Amz-Expires');
  return parseSignature(
    (name) => get(`X-Amz-${name}`),
    get('X-Amz-Date'),
    query.get('X-Amz-Security-Token') ?? undefined,
    /^\d{1,6}$/.test(expires)
      ? Number(expires)
      : missing('X-Amz-Expires must be a number of seconds.'),
  );
}

function parseSignature(
  get: (name: string) => string,
  date: string,
  sessionToken: string | undefined,
  expires: number | null,
): Signature {
  const [keyId = '', ...scope] = get('Credential').split('/');
  const signedHeaders = get('SignedHeaders').toLowerCase().split(';');
  if (scope.length !== 4)
    throw incomplete(`Credential must have five parts; that of '${keyId}' does not.`);
  // Clients of HTTP/2 sign the pseudo-header instead.
  if (!signedHeaders.includes('host') && !signedHeaders.includes(':authority')) {
    throw incomplete("'Host' must be a signed header.");
  }
  if (!/^\d{8}T\d{6}Z$/.test(date))
    throw incomplete(`'${date}' is not a date such as 20260131T235959Z.`);
  return { keyId, scope, signedHeaders, signature: get('Signature'), date, sessionToken, expires };
}

function findKey({ keyId, sessionToken }: Signature, keys: readonly AccessKey[]): AccessKey {
  const key = keys.find(({ id }) => id === keyId);
  const known = keys.map(({ id }) => id).join(', ');
  if (!key) {
    throw unrecognized(`The access key '${keyId}' is unknown. The emulator has ${known}.`);
  }
  if (!isSame(sessionToken ?? '', key.sessionToken ?? '')) {
    throw unrecognized(
      key.sessionToken === undefined
        ? `The request has a session token, but the access key '${keyId}' has none here.`
        : `X-Amz-Security-Token is not the session token of '${keyId}'.`,
    );
  }
  return key;
}

function requireScope({ scope, date }: Signature, { region, service }: SignatureRules): void {
  const [day, inRegion, scopedTo, end] = scope;
  if (day !== date.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match the date of the request: ${day}, ${date}.`,
    );
  }
  if (inRegion !== region) {
    throw invalid(
      `Credential should be scoped to a valid region, not '${inRegion}'. The emulator's AWS_REGION is ${region}.`,
    );
  }
  if (scopedTo !== service) {
    throw invalid(
      `Credential should be scoped to correct service: '${service}', not '${scopedTo}'.`,
    );
  }
  if (end !== 'aws4_request') {
    throw invalid("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
}

function requireValidTime({ date, expires }: Signature, now: number): void {
  const signedAt = Date.parse(date.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
  if (expires !== null && expires > MAX_PRESIGNED_SECONDS) {
    throw invalid(
      `X-Amz-Expires is ${expires}; AgentCore allows ${MAX_PRESIGNED_SECONDS} seconds at most.`,
    );
  }
  const latest = signedAt + (expires === null ? SKEW_MILLISECONDS : expires * 1000);
  if (latest < now) {
    const bound = expires === null ? '5 min.' : `${expires} s`;
    throw invalid(
      `Signature expired: ${date} is now earlier than ${compact(now - (latest - signedAt))} (${compact(now)} - ${bound})`,
    );
  }
  if (signedAt > now + SKEW_MILLISECONDS) {
    throw invalid(
      `Signature not yet current: ${date} is still later than ${compact(now + SKEW_MILLISECONDS)} (${compact(now)} + 5 min.)`,
    );
  }
}

function requirePayloadHash(headers: SignedMessage['headers'], hash: string): void {
  const declared = headers['x-amz-content-sha256']?.toString();
  if (declared === undefined || declared === UNSIGNED_PAYLOAD) return;
  if (declared === hash) return;
  throw invalid(
    `X-Amz-Content-Sha256 is ${declared}, but the received body hashes to ${hash}. The body was changed in transit or uses an encoding that AgentCore does not accept.`,
  );
}

function matchesSignature(canonical: string, signature: Signature, { secret }: AccessKey): boolean {
  let key: string | Buffer = `AWS4${secret}`;
  for (const part of signature.scope) key = hmac(key, part);
  return isSame(hmac(key, stringToSign(canonical, signature)).toString('hex'), signature.signature);
}

function stringToSign(canonical: string, { date, scope }: Signature): string {
  const hash = createHash('sha256').update(canonical).digest('hex');
  return [ALGORITHM, date, scope.join('/'), hash].join('\n');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

// AWS's hosts have no port, so the official SDK presigns WebSocket URLs without it.
function withoutPort(canonical: string): string {
  return canonical.replace(/^(host:.*):\d+$/m, '$1');
}

/** Explains a mismatch that is caused by a common mistake with paths. */
function explainPath(path: string, isSigned: (path: string) => boolean): string {
  const bare = path.replace(/^\/@[^/]*/, '');
  if (bare !== path && isSigned(canonicalPath(bare))) {
    return " The signature covers the path without the endpoint's base path (/@…). Sign the whole path.";
  }
  if (isSigned(path)) {
    return ' The signature covers the path as sent. For AgentCore, encode the path a second time before signing.';
  }
  return '';
}

// Like AWS, includes the details that are needed to find the difference.
function mismatch(canonical: string, signature: Signature, reason: string): WireError {
  return invalid(
    `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.${reason}\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${stringToSign(canonical, signature)}'\n`,
  );
}

function missing(message: string): never {
  throw incomplete(message);
}

function incomplete(message: string): WireError {
  return new WireError('IncompleteSignatureException', message);
}

function unrecognized(message: string): WireError {
  return new WireError(
    'UnrecognizedClientException',
    `The security token included in the request is invalid. ${message}`,
  );
}

function invalid(message: string): WireError {
  return new WireError('InvalidSignatureException', message);
}

function compact(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
