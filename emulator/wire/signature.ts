import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  canonicalPath,
  canonicalRequest,
  pathOf,
  payloadHash,
  UNSIGNED_PAYLOAD,
} from './canonicalRequest.ts';
import type { SignedMessage } from './credential.ts';
import { WireError } from './errors.ts';

/** A key by which requests are signed. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** By what a signature is verified. */
export interface SignatureRules {
  readonly keys: readonly AccessKey[];
  readonly region: string;
  /** The signing name of the service that is called. */
  readonly service: string;
  /** Real milliseconds: a signer knows nothing of our clock. */
  readonly now: number;
}

/** What a request says of its signature, wherever it says so. */
interface Signature {
  readonly keyId: string;
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly sessionToken: string | undefined;
  /** In seconds; null where the signature is in a header, whose time is always the same. */
  readonly expires: number | null;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MILLISECONDS = 5 * 60_000;
/** AgentCore's own limit for a presigned address. */
const LONGEST_PRESIGNED = 300;

/** Throws what AWS answers to a request that is not signed, or not as its content and the time demand. */
export function verifySignature(message: SignedMessage, rules: SignatureRules): void {
  const signature = readSignature(message);
  const key = findKey(signature, rules.keys);
  refuseScope(signature, rules);
  refuseTime(signature, rules.now);
  const hash = payloadHash(message.headers, message.body);
  refusePayload(message.headers, hash);
  const of = (path?: string) => canonicalRequest(message, signature.signedHeaders, hash, path);
  const isSigned = (canonical: string) => isSignatureOf(canonical, signature, key);
  if (isSigned(of()) || isSigned(withoutPort(of()))) return;
  const why = otherPath(pathOf(message.target), (path) => isSigned(of(path)));
  throw mismatch(of(), signature, why);
}

/** By which key a request is signed; whether it is, is verified elsewhere. */
export function signerOf(message: SignedMessage): string {
  return readSignature(message).keyId;
}

/** Nothing of a request says who sent it, where that is asked for. */
export function signatureMissing(): WireError {
  return new WireError(
    'MissingAuthenticationTokenException',
    'Missing Authentication Token. The emulator was started with --auth sigv4: sign the request, as the AWS SDKs do by themselves.',
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
    throw incomplete(`Unsupported AWS 'algorithm': '${algorithm}'; it is to be ${ALGORITHM}.`);
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
  return signatureOf(
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
    throw incomplete(`Unsupported AWS 'algorithm'; X-Amz-Algorithm is to be ${ALGORITHM}.`);
  }
  const expires = get('X-Amz-Expires');
  return signatureOf(
    (name) => get(`X-Amz-${name}`),
    get('X-Amz-Date'),
    query.get('X-Amz-Security-Token') ?? undefined,
    /^\d{1,6}$/.test(expires) ? Number(expires) : missing('X-Amz-Expires is to be seconds.'),
  );
}

function signatureOf(
  get: (name: string) => string,
  date: string,
  sessionToken: string | undefined,
  expires: number | null,
): Signature {
  const [keyId = '', ...scope] = get('Credential').split('/');
  const signedHeaders = get('SignedHeaders').toLowerCase().split(';');
  if (scope.length !== 4) throw incomplete(`Credential must have five parts, '${keyId}' has not.`);
  if (!signedHeaders.includes('host')) throw incomplete("'Host' must be a signed header.");
  if (!/^\d{8}T\d{6}Z$/.test(date)) throw incomplete(`'${date}' is no date as 20260131T235959Z.`);
  return { keyId, scope, signedHeaders, signature: get('Signature'), date, sessionToken, expires };
}

function findKey({ keyId, sessionToken }: Signature, keys: readonly AccessKey[]): AccessKey {
  const key = keys.find(({ id }) => id === keyId);
  const known = keys.map(({ id }) => id).join(', ');
  if (!key) {
    throw unrecognized(`It is signed with the access key '${keyId}'; the emulator has ${known}.`);
  }
  if (!isSame(sessionToken ?? '', key.sessionToken ?? '')) {
    throw unrecognized(
      key.sessionToken === undefined
        ? `The access key '${keyId}' has no session token here, and the request brings one.`
        : `Its X-Amz-Security-Token is not the session token of '${keyId}'.`,
    );
  }
  return key;
}

function refuseScope({ scope, date }: Signature, { region, service }: SignatureRules): void {
  const [day, inRegion, scopedTo, end] = scope;
  if (day !== date.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match the date of the request: ${day}, ${date}.`,
    );
  }
  if (inRegion !== region) {
    throw invalid(
      `Credential should be scoped to a valid region, not '${inRegion}'. The emulator is in ${region}, by its AWS_REGION.`,
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

function refuseTime({ date, expires }: Signature, now: number): void {
  const signedAt = Date.parse(date.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
  if (expires !== null && expires > LONGEST_PRESIGNED) {
    throw invalid(
      `X-Amz-Expires is ${expires}; AgentCore takes ${LONGEST_PRESIGNED} seconds at most.`,
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

function refusePayload(headers: SignedMessage['headers'], hash: string): void {
  const said = headers['x-amz-content-sha256']?.toString();
  if (said === undefined || said === UNSIGNED_PAYLOAD) return;
  if (said === hash) return;
  throw invalid(
    `X-Amz-Content-Sha256 is ${said}, and the body that came hashes to ${hash}: it was changed on its way, or encoded in a way that AgentCore does not take.`,
  );
}

function isSignatureOf(canonical: string, signature: Signature, { secret }: AccessKey): boolean {
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

// AWS's hosts have no port, so the official SDK presigns the address of a web socket without one.
function withoutPort(canonical: string): string {
  return canonical.replace(/^(host:.*):\d+$/m, '$1');
}

/** What was signed instead, of the mistakes that are made with paths. */
function otherPath(path: string, isSigned: (path: string) => boolean): string {
  const bare = path.replace(/^\/@[^/]*/, '');
  if (bare !== path && isSigned(canonicalPath(bare))) {
    return ' It is a signature of the path without the base path of the endpoint (/@…), which is to be signed, too.';
  }
  if (isSigned(path)) {
    return ' It is a signature of the path as it is sent, which for AgentCore is to be encoded once more.';
  }
  return '';
}

// As AWS does it, with all that is needed to find the difference.
function mismatch(canonical: string, signature: Signature, why: string): WireError {
  return invalid(
    `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.${why}\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${stringToSign(canonical, signature)}'\n`,
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
