import { expect, test } from 'vitest';
import type { Caller } from '../../../emulator/caller.ts';
import { admit, type ListenerKind, type RequestOrigin } from '../../../emulator/http/admission.ts';
import { createSessionUrls } from '../../../emulator/http/sessionUrls.ts';
import { isLoopback } from '../../../src/shared/loopback.ts';

/** A calling session. */
function callerNamed(name: string): Caller {
  return { agent: { source: { name } }, session: () => null };
}

const caller = callerNamed('session');

const request: RequestOrigin = {
  path: '/ping',
  host: '127.0.0.1:9310',
  origin: undefined,
  authorization: undefined,
};

function admitTo(
  token: string | null,
  changes: Partial<RequestOrigin>,
  listener: ListenerKind = 'local',
) {
  const findCaller = (address: string) => (address === 'session' ? caller : undefined);
  return admit({ ...request, ...changes }, { listener, token, findCaller });
}

test.for([
  'localhost',
  'localhost:9310',
  'LocalHost:9310',
  'agent.localhost:9310',
  '127.0.0.1',
  '127.0.0.1:9310',
  '127.8.9.10:80',
  '[::1]',
  '[::1]:9310',
])('The Host %s is this machine.', (host) => {
  expect(admitTo(null, { host })).toEqual({ admitted: true, path: '/ping', caller: null });
});

test.for([
  undefined,
  '',
  'evil.example',
  'evil.example:9310',
  '127.0.0.1.evil.example',
  'localhost.evil.example:9310',
  'evillocalhost',
  '128.0.0.1:9310',
  '192.168.0.7:9310',
  '0.0.0.0:9310',
  '[::]:9310',
  '[fe80::1]:9310',
  '127.1',
  '0x7f000001',
])('The Host %s may be rebound to loopback and is rejected.', (host) => {
  expect(admitTo(null, { host })).toEqual({
    admitted: false,
    reason: `the Host ${host === undefined ? '(none)' : `'${host}'`} is not this machine. Use 127.0.0.1 or localhost`,
  });
});

test.for([
  ['http://127.0.0.1:9310', '127.0.0.1:9310'],
  ['http://localhost:9310', 'LOCALHOST:9310'],
  ['http://[::1]:9310', '[::1]:9310'],
] as const)("The emulator's own page, %s at %s, is admitted.", ([origin, host]) => {
  expect(admitTo(null, { origin, host })).toMatchObject({ admitted: true });
});

test.for([
  'http://evil.example',
  'https://127.0.0.1',
  'http://127.0.0.1:3000',
  'http://localhost:9310',
  'http://127.0.0.1:9310.evil.example',
  'vscode-webview://0a1b',
  'file://',
  'null',
  '',
])('A page of the origin %j is rejected.', (origin) => {
  const refusal = {
    admitted: false,
    reason: `the Origin '${origin}' is not the emulator's own page`,
  };
  expect(admitTo(null, { origin })).toEqual(refusal);
  expect(admitTo(null, { origin, path: '/@session/ping' })).toEqual(refusal);
  expect(admitTo('secret', { origin, authorization: 'Bearer secret' })).toEqual(refusal);
});

test.for([
  ['/@session/runtimes/a%2Fb/invocations?qualifier=x', '/runtimes/a%2Fb/invocations?qualifier=x'],
  ['/@session/', '/'],
  ['/@session', '/'],
  ['/@session?a=/b', '/?a=/b'],
  ['/@session/@session/ping', '/@session/ping'],
] as const)('A session URL %s leads to %s and identifies the caller.', ([path, rest]) => {
  const admission = { admitted: true, path: rest, caller };
  expect(admitTo(null, { path })).toEqual(admission);
  expect(admitTo('secret', { path })).toEqual(admission);
});

test.for(['/@gone/ping', '/@/ping', '/@', '/@session%20/ping', '/@Session/ping'])(
  'The URL %s belongs to no session.',
  (path) => {
    const refusal = {
      admitted: false,
      reason: 'this session URL (/@…) is no longer valid, because its session has ended',
    };
    expect(admitTo(null, { path })).toEqual(refusal);
    expect(admitTo('secret', { path })).toEqual(refusal);
  },
);

test('A session URL is valid with any Host.', () => {
  const visit = { path: '/@session/ping', host: 'build-machine:9310' };
  expect(admitTo(null, visit)).toMatchObject({ admitted: true, path: '/ping' });
  expect(admitTo('secret', visit)).toMatchObject({ admitted: true, path: '/ping' });
  expect(admitTo(null, { ...visit, path: '/@guess/ping' })).toMatchObject({ admitted: false });
  expect(admitTo(null, { ...visit, origin: 'http://evil.example' })).toMatchObject({
    admitted: false,
  });
});

const inContainer = 'host.docker.internal:9310';

test.for(['local', 'containers'] as const)(
  "the listener '%s' admits a session in a container, by the name that containers know",
  (listener) => {
    const visit = { path: '/@session/ping', host: inContainer };
    const admission = { admitted: true, path: '/ping', caller };
    expect(admitTo(null, visit, listener)).toEqual(admission);
    expect(admitTo('secret', visit, listener)).toEqual(admission);
  },
);

test.for<Partial<RequestOrigin>>([
  { host: inContainer },
  { host: inContainer, path: '/_emulator/health' },
  { host: inContainer, path: '/@gone/ping' },
  { host: inContainer, path: '/@secret/ping' },
  { host: inContainer, authorization: 'Bearer secret' },
])('The listener for containers rejects other requests: %j', (visit) => {
  expect(admitTo('secret', visit, 'containers')).toEqual({
    admitted: false,
    reason: 'this listener accepts only session URLs (/@…)',
  });
});

test("the listener for containers attributes a request to its session, also with the operator's token", () => {
  const visit = { host: inContainer, path: '/@session/', authorization: 'Bearer secret' };
  expect(admitTo('secret', visit, 'containers')).toMatchObject({ caller });
});

test.for(['/ping/@session', '/runtimes/@session/', '//@session/ping', '@session/ping'])(
  'An @ elsewhere, %s, is not a session URL.',
  (path) => {
    expect(admitTo(null, { path })).toEqual({ admitted: true, path, caller: null });
  },
);

test.for([
  [{ authorization: 'Bearer secret' }, '/ping'],
  [{ path: '/@secret/ping?a=b' }, '/ping?a=b'],
  [{ path: '/@secret' }, '/'],
  [{ path: '/%40secret/ping' }, '/ping'],
  [{ path: '/@secret/ping', host: 'build-machine:9310' }, '/ping'],
  [{ authorization: 'Bearer secret', host: '192.168.0.7:9310' }, '/ping'],
  [{ authorization: 'Bearer secret', origin: 'http://127.0.0.1:9310' }, '/ping'],
] as const)('A request with the token is admitted from anywhere: %j', ([visit, path]) => {
  expect(admitTo('secret', visit)).toEqual({ admitted: true, path, caller: null });
});

test.for([
  {},
  { authorization: 'Bearer Secret' },
  { authorization: 'Bearer' },
  { authorization: 'secret' },
  { authorization: 'Basic secret' },
  { authorization: 'AWS4-HMAC-SHA256 Credential=secret' },
  { path: '/ping?token=secret' },
])('With a token, %j is not enough.', (visit) => {
  expect(admitTo('secret', visit)).toEqual({
    admitted: false,
    reason:
      "the emulator requires a token. Use the URL in ready.json of its data folder, or send 'Authorization: Bearer TOKEN'",
  });
});

test('Without a token, none is required or accepted.', () => {
  expect(admitTo(null, { authorization: 'Bearer anything' })).toMatchObject({ admitted: true });
  expect(admitTo(null, { authorization: 'Bearer null', host: 'evil.example' })).toMatchObject({
    admitted: false,
  });
  expect(admitTo(null, { path: '/@null/ping' })).toMatchObject({ admitted: false });
});

test('a session URL is unique, cannot be guessed, and is invalid once it is revoked', () => {
  const { issue, findCaller } = createSessionUrls();
  const [one, other] = [callerNamed('one'), callerNamed('other')];
  const urls = [issue(one, 'http://host'), issue(other, 'http://host')] as const;
  const [token, otherToken] = urls.map(({ url }) => url.slice('http://host/@'.length));
  expect(token).toMatch(/^[\w-]{24}$/);
  expect(otherToken).not.toBe(token);
  expect([findCaller(token!), findCaller(otherToken!), findCaller('')]).toEqual([
    one,
    other,
    undefined,
  ]);
  urls[0].revoke();
  expect([findCaller(token!), findCaller(otherToken!)]).toEqual([undefined, other]);
  const rules = { listener: 'local', token: null, findCaller } as const;
  expect(admit({ ...request, path: `/@${token}/ping` }, rules)).toMatchObject({ admitted: false });
});

test.for([
  ['127.0.0.1', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.7', false],
  ['my-machine', false],
] as const)('%s is loopback: %s', ([name, expected]) => {
  expect(isLoopback(name)).toBe(expected);
});
