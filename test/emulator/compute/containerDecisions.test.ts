import { expect, test } from 'vitest';
import { explainSockets } from '../../../emulator/compute/container/containerPort.ts';
import { containerEnvironment } from '../../../emulator/compute/container/containerEnvironment.ts';
import { isAbandoned, ownerLabels } from '../../../emulator/compute/container/ownership.ts';
import { processEnvironment } from '../../../emulator/compute/process/processEnvironment.ts';

const us = {
  host: 'here',
  data: '/project/.agentcore 1',
  processes: 'these',
  pid: 7,
  instance: 'new',
};

test.each([
  ['our own', {}, true, false],
  ['the previous emulator on our data folder', { instance: 'old' }, true, true],
  ['another running emulator', { instance: 'old', data: '/other' }, true, false],
  ['another emulator that has ended', { instance: 'old', data: '/other' }, false, true],
  [
    'another emulator in another PID namespace',
    { instance: 'old', data: '/other', processes: 'those' },
    false,
    false,
  ],
  ['another emulator on another machine', { instance: 'old', host: 'there' }, false, false],
])('A resource of %s is abandoned or not.', (_, differences, isRunning, isLeft) => {
  expect(isAbandoned(ownerLabels({ ...us, ...differences }), us, () => isRunning)).toBe(isLeft);
});

const files = { config: '/home/me/.aws/config', credentials: '/home/me/.aws/credentials' };
const none = { config: null, credentials: null };

test('A developer’s keys reach a container, and variables with host paths do not.', () => {
  const host = {
    AWS_ACCESS_KEY_ID: 'mine',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_PROFILE: 'work',
    AWS_ENDPOINT_URL_S3: 'http://localhost:4566',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/var/token',
    AWS_CA_BUNDLE: '/etc/ca.pem',
    AWS_MAX_ATTEMPTS: '2',
    HOME: '/home/me',
  };
  expect(containerEnvironment({ host, files, own: { COLOUR: 'green' } })).toEqual({
    environment: {
      AWS_ACCESS_KEY_ID: 'mine',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '2',
      COLOUR: 'green',
    },
    mounts: [],
  });
});

test('Without keys, the developer’s AWS files are mounted and their profile is used.', () => {
  const { environment, mounts } = containerEnvironment({
    host: { AWS_PROFILE: 'work' },
    files,
    own: {},
  });
  expect(mounts.map(({ source }) => source)).toEqual([files.config, files.credentials]);
  expect(environment).toEqual({
    AWS_PROFILE: 'work',
    AWS_CONFIG_FILE: mounts[0]!.target,
    AWS_SHARED_CREDENTIALS_FILE: mounts[1]!.target,
  });
});

test('A profile is also used with only a credentials file.', () => {
  const { environment } = containerEnvironment({
    host: { AWS_PROFILE: 'work' },
    files: { ...files, config: null },
    own: {},
  });
  expect(environment).toMatchObject({ AWS_PROFILE: 'work' });
  expect(containerEnvironment({ host: { AWS_PROFILE: 'work' }, files: none, own: {} })).toEqual({
    environment: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    mounts: [],
  });
});

const mine = {
  AWS_ACCESS_KEY_ID: 'mine',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_MAX_ATTEMPTS: '2',
};

test('An agent with its own keys gets none of the developer’s.', () => {
  const own = { AWS_ACCESS_KEY_ID: 'its', AWS_SECRET_ACCESS_KEY: 'own' };
  const expected = { ...own, AWS_MAX_ATTEMPTS: '2' };
  expect(containerEnvironment({ host: mine, files, own })).toEqual({
    environment: expected,
    mounts: [],
  });
  const machine = { home: '/home', tmp: '/tmp' };
  const environment = processEnvironment({
    host: mine,
    hostHome: '/home/me',
    hasAwsFolder: false,
    machine,
    own,
  });
  expect(environment).toMatchObject(expected);
  expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
});

test('An agent with its own profile gets the AWS files and no keys.', () => {
  const { environment, mounts } = containerEnvironment({
    host: mine,
    files,
    own: { AWS_PROFILE: 'its' },
  });
  expect(mounts).toHaveLength(2);
  expect(environment).toMatchObject({ AWS_PROFILE: 'its' });
  expect(environment).not.toHaveProperty('AWS_ACCESS_KEY_ID');
});

test('Without credentials, an agent gets dummy keys, so that SDKs can sign.', () => {
  expect(containerEnvironment({ host: {}, files: none, own: {} })).toEqual({
    environment: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    mounts: [],
  });
});

const row = (address: string, state = '0A') =>
  `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  0  0 4711 1`;

test.each([
  ['on another port', [row('00000000:0BB8')], /port 3000 instead; AgentCore calls 8080/],
  ['on loopback only', [row('0100007F:1F90')], /port 8080 of the loopback interface only/],
  [
    'on IPv6’s loopback only',
    [row('00000000000000000000000001000000:1F90')],
    /port 8080 of the loopback interface only/,
  ],
])('An agent that listens %s is explained.', (_, rows, words) => {
  expect(explainSockets(['  sl  local_address', ...rows].join('\n'), 8080)).toMatch(words);
});

test('Docker’s DNS server and open connections do not count as listening.', () => {
  const tables = [row('0B00007F:A3C1'), row('020011AC:1F90', '01')].join('\n');
  expect(explainSockets(tables, 8080)).toBeNull();
});
