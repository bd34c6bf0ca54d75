import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import type { SignedMessage } from '../../../emulator/wire/credential.ts';
import { WireError } from '../../../emulator/wire/errors.ts';
import { verifySignature, type AccessKey } from '../../../emulator/wire/signature.ts';
import { Sha256 } from '../../support/sha256.ts';

const KEY: AccessKey = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const TEMPORARY = { ...KEY, id: 'ASIAEXAMPLE', sessionToken: 'token/of+a=session' };
const NOW = Date.parse('2026-11-21T06:00:00Z');
const PATH = '/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A000000000000%3Aruntime%2Fa/ws';

interface Signing {
  readonly key?: AccessKey;
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly region?: string;
  readonly service?: string;
  /** Seconds by which the signer's clock is ahead. */
  readonly ahead?: number;
  readonly uriEscapePath?: boolean;
}

function signerOf({
  key = KEY,
  region = 'us-east-1',
  service = 'bedrock-agentcore',
  uriEscapePath = true,
}: Signing): SignatureV4 {
  const { id: accessKeyId, secret: secretAccessKey, sessionToken } = key;
  return new SignatureV4({
    service,
    region,
    uriEscapePath,
    sha256: Sha256,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  });
}

interface Unsigned {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function requestOf({ path = PATH, query = {}, headers = {}, body = '' }: Signing) {
  return {
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path,
    query,
    headers: { host: '127.0.0.1:9310', ...headers },
    body,
  };
}

const dateOf = ({ ahead = 0 }: Signing) => new Date(NOW + ahead * 1000);

/** A request that AWS's signer signed in the headers. */
async function signed(signing: Signing = {}): Promise<SignedMessage> {
  const request = requestOf(signing);
  const { headers } = await signerOf(signing).sign(request, { signingDate: dateOf(signing) });
  return messageOf({ ...request, headers }, signing.query ?? {});
}

/** A request that AWS's signer signed in the URL. */
async function presigned(signing: Signing, expiresIn: number): Promise<SignedMessage> {
  const request = requestOf(signing);
  const { query = {} } = await signerOf(signing).presign(request, {
    signingDate: dateOf(signing),
    expiresIn,
  });
  return messageOf(request, query as Record<string, string>);
}

function messageOf(
  { path, headers, body }: Unsigned,
  query: Record<string, string | string[]>,
): SignedMessage {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    ),
  );
  const target = search.size > 0 ? `${path}?${search.toString().replaceAll('+', '%20')}` : path;
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method: 'POST', target, headers: Object.fromEntries(lower), body: Buffer.from(body) };
}

function verify(message: SignedMessage): string {
  try {
    verifySignature(message, {
      keys: [KEY, TEMPORARY],
      region: 'us-east-1',
      service: 'bedrock-agentcore',
      now: NOW,
    });
    return 'good';
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${error.status} ${error.name}: ${error.message}`;
  }
}

test.for<[string, Signing]>([
  ['no query or body', {}],
  ['a body', { body: '{"prompt": "ü"}' }],
  ['a query', { query: { qualifier: 'DEFAULT', b: ['2', '1'], 'ö & =': "a+b c'(*)~" } }],
  ['headers', { headers: { 'X-Custom': '  two   words ', accept: 'application/json' } }],
  ['a base path', { path: `/@secret${PATH}` }],
  ['dots and slashes', { path: '/a/./b/../c//d/' }],
  ['the root', { path: '/' }],
  ['a session token', { key: TEMPORARY }],
  ['a clock four minutes ahead', { ahead: 240 }],
  ['a clock four minutes behind', { ahead: -240 }],
  ['a body that was not read', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }],
])('A signature by AWS’s signer is accepted: %s.', async ([, signing]) => {
  expect(verify(await signed(signing))).toBe('good');
  const inUrl = { ...signing, ahead: Math.min(0, signing.ahead ?? 0) };
  if (signing.headers === undefined) expect(verify(await presigned(inUrl, 300))).toBe('good');
});

test.for<[string, Signing, RegExp]>([
  [
    'an unknown key',
    { key: { ...KEY, id: 'AKIDOTHER' } },
    /^403 UnrecognizedClientException: The security token included in the request is invalid\. .*'AKIDOTHER' is unknown\. The emulator has AKIDEXAMPLE, ASIAEXAMPLE/,
  ],
  [
    'another secret',
    { key: { ...KEY, secret: 'guess' } },
    /^403 InvalidSignatureException: The request signature we calculated does not match/,
  ],
  [
    'no session token',
    { key: { ...TEMPORARY, sessionToken: undefined } },
    /is not the session token/,
  ],
  [
    'an unexpected session token',
    { key: { ...KEY, sessionToken: 'x' } },
    /has a session token, but .* has none here/,
  ],
  [
    'another region',
    { region: 'eu-west-1' },
    /not 'eu-west-1'\. The emulator's AWS_REGION is us-east-1/,
  ],
  ['another service', { service: 's3' }, /correct service: 'bedrock-agentcore', not 's3'/],
  [
    'an old date',
    { ahead: -301 },
    /InvalidSignatureException: Signature expired: 20261121T055459Z is now earlier than 20261121T055500Z \(20261121T060000Z - 5 min\.\)$/,
  ],
  [
    'a future date',
    { ahead: 301 },
    /Signature not yet current: 20261121T060501Z is still later than 20261121T060500Z/,
  ],
  ['a path encoded once', { uriEscapePath: false }, /covers the path as sent.* a second time/],
])('%s is rejected with a reason.', async ([, signing, why]) => {
  expect(verify(await signed(signing))).toMatch(why);
});

test.for<[string, (message: SignedMessage) => Partial<SignedMessage>, RegExp]>([
  ['method', () => ({ method: 'GET' }), /should have been\n'GET\n/],
  ['path', ({ target }) => ({ target: target.replace('ws', 'invocations') }), /invocations/],
  ['query', ({ target }) => ({ target: `${target}?qualifier=other` }), /qualifier=other/],
  ['body', () => ({ body: Buffer.from('other') }), /received body hashes to/],
  ['host', ({ headers }) => ({ headers: { ...headers, host: 'other' } }), /host:other/],
  [
    'custom header',
    ({ headers }) => ({ headers: { ...headers, 'x-custom': 'other' } }),
    /x-custom:other/,
  ],
  [
    'hash',
    ({ headers }) => ({ headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
    /UNSIGNED-PAYLOAD/,
  ],
])(
  'A %s that was changed after signing is rejected with the canonical request.',
  async ([, change, why]) => {
    const message = await signed({ body: 'hello', headers: { 'x-custom': 'mine' } });
    expect(verify(message)).toBe('good');
    const result = verify({ ...message, ...change(message) });
    expect(result).toMatch(/^403 InvalidSignatureException/);
    expect(result).toMatch(why);
  },
);

test('A base path that was not signed is reported.', async () => {
  const message = await signed();
  const result = verify({ ...message, target: `/@secret${message.target}` });
  expect(result).toMatch(/path without the endpoint's base path/);
});

test.for([
  [{}, 301, /X-Amz-Expires is 301; AgentCore allows 300 seconds at most/],
  [{ ahead: -100 }, 99, /Signature expired: .* \(20261121T060000Z - 99 s\)$/],
  [{ ahead: -100 }, 100, /^good$/],
  [{ ahead: 400 }, 300, /Signature not yet current/],
] as const)('A URL signed %j for %i s: %s', async ([signing, expires, result]) => {
  expect(verify(await presigned(signing, expires))).toMatch(result);
});

test.for([
  ['AWS4-HMAC-SHA256', /^403 IncompleteSignatureException: .*requires 'Credential' parameter/],
  ['AWS4-ECDSA-P256-SHA256 Credential=a', /Unsupported AWS 'algorithm': 'AWS4-ECDSA/],
  ['AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0', /must have five parts/],
  [
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=accept, Signature=0',
    /'Host' must be a signed header/,
  ],
  [
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=constructor;host, Signature=0',
    /InvalidSignatureException.*\nconstructor:\nhost:a\n/s,
  ],
] as const)('An incomplete signature, %s, is reported as: %s', ([authorization, why]) => {
  const headers = { authorization, 'x-amz-date': '20261121T060000Z', host: 'a' };
  expect(verify({ method: 'GET', target: '/', headers, body: Buffer.alloc(0) })).toMatch(why);
});
